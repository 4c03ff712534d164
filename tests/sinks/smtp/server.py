"""A real SMTP server on loopback that keeps the mail it is given and answers as told."""

from __future__ import annotations

import asyncio
import warnings
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

if TYPE_CHECKING:
    import ssl
    from email.message import EmailMessage


class MailServer:
    """Starts on a free port and comes back on the same one.

    Attributes:
        password: what it accepts; None: it wants no login.
        answer: what it says to a mail; None: it takes it.
        sender: what it says to our own address; None: it takes mail from there.
        refused: answers to recipients, by address.
        silent: whether it answers to a mail only after ``speak`` is set.
        reading: set when it has got a mail.
        mails: what it has taken.
        connections: how often a client has connected.
    """

    def __init__(self, password: str | None = None) -> None:
        self.password = password
        self.answer: str | None = None
        self.sender: str | None = None
        self.refused: dict[str, str] = {}
        self.silent = False
        self.speak = asyncio.Event()
        self.reading = asyncio.Event()
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.connections = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[Any] = set()

    async def start(self, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None) -> None:
        def protocol() -> SMTP:
            self.connections += 1
            with warnings.catch_warnings(action="ignore", category=UserWarning):  # a login without TLS is meant here
                served = self._protocol(starttls)
            self._open.add(served)
            return served

        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(protocol, "127.0.0.1", self.port, ssl=tls, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    def _protocol(self, starttls: ssl.SSLContext | None) -> SMTP:
        return SMTP(
            self,
            authenticator=self._authenticate,
            auth_require_tls=False,
            auth_required=self.password is not None,
            tls_context=starttls,
            require_starttls=starttls is not None,
            loop=asyncio.get_running_loop(),
        )

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for served in self._open:
            if served.transport is not None:
                served.transport.abort()
        self._open.clear()
        await asyncio.sleep(0.05)

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        return AuthResult(success=self.password is not None and given.password == self.password.encode(), handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.sender is not None:
            return self.sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.reading.set()
        if self.silent:
            await self.speak.wait()
        if self.answer is not None:
            return self.answer
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"
