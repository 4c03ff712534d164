"""One logged-in session of one vCenter.

Deliberately without pyvmomi's ``SmartConnect`` and ``SessionOrientedStub``: the first negotiates without a
time-out, the second repeats calls after a socket error, which would run a remediation twice.
"""

from __future__ import annotations

import logging
import ssl
from datetime import UTC, datetime
from http.client import HTTP_PORT, HTTPS_PORT
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from pyVmomi import SoapStubAdapter, vim

from clients.vsphere.api_version import negotiate
from clients.vsphere.faults import SessionLost, attempted, translated

if TYPE_CHECKING:
    from schemas.config import VcenterConfig

log = logging.getLogger(__name__)


class Session:
    """A connection to one vCenter: ``connect``, ``login``, then calls through ``content``, then ``close``.

    Every call through ``stub`` is bounded by ``config.timeout`` seconds of silence. Not for two threads at once,
    except for calls through ``content`` and ``stub`` between ``login`` and ``close``.

    Args:
        config: url, credentials, TLS and time-out of the vCenter.

    Raises:
        Refused: it is a recording.
    """

    def __init__(self, config: VcenterConfig) -> None:
        self.name = config.name
        self.config = config
        self._account = config.account
        self._stub: Any = None
        self._content: Any = None
        self._key: str | None = None

    @property
    def stub(self) -> Any:
        """The pyvmomi stub adapter.

        Raises:
            SessionLost: before ``connect`` or after ``close``.
        """
        if self._stub is None:
            raise SessionLost(self.name, "is not connected")
        return self._stub

    @property
    def content(self) -> Any:
        """The ``ServiceContent``: the managers of the server.

        Raises:
            SessionLost: before ``connect`` or after ``close``.
        """
        if self._content is None:
            raise SessionLost(self.name, "is not connected")
        return self._content

    @property
    def about(self) -> Any:
        """The server's ``AboutInfo``: ``apiVersion``, ``instanceUuid`` and so on."""
        return self.content.about

    @property
    def key(self) -> str:
        """The key of this session among all sessions of the server.

        Raises:
            SessionLost: before ``login`` or after ``close``.
        """
        if self._key is None:
            raise SessionLost(self.name, "knows no session of ours")
        return self._key

    def connect(self) -> None:
        """Reach the server and read its ``ServiceContent``; no credentials are sent yet.

        Raises:
            Unreachable: nobody answers, or no vCenter does.
            Refused: its certificate does not verify.
        """
        with translated(self.name):
            self._stub = _stub(self.config)
            negotiate(self._stub)
            self._content = vim.ServiceInstance("ServiceInstance", self._stub).RetrieveContent()

    def login(self) -> None:
        """Send the credentials, read anew from their file.

        Raises:
            Refused: the server does not accept them.
            Unreachable: it does not answer.
        """
        with translated(self.name):
            username, password = self._account
            session = self.content.sessionManager.Login(username, password.reveal(), None)
        self._key = str(session.key)

    def current_time(self) -> datetime:
        """The vCenter's own clock, UTC.

        Raises:
            SessionLost: log in again.
            Unreachable: it does not answer.
        """
        with translated(self.name):
            now: datetime = vim.ServiceInstance("ServiceInstance", self.stub).CurrentTime()
        return now.astimezone(UTC)

    def close(self) -> None:
        """Log out, as far as the server still listens, and drop every connection. May be called again."""
        stub, content, key = self._stub, self._content, self._key
        self._stub = self._content = self._key = None
        if key is not None:
            with attempted(self.name):
                content.sessionManager.Logout()
        if stub is not None:
            stub.DropConnections()

    def __enter__(self) -> Self:
        """Connect and log in; whatever fails leaves nothing open."""
        try:
            self.connect()
            self.login()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _stub(config: VcenterConfig) -> Any:
    where = urlsplit(config.url)
    plain = where.scheme == "http"
    port = where.port or (HTTP_PORT if plain else HTTPS_PORT)
    if plain:
        log.warning("vCenter %s: the password travels in clear, its url says http", config.name)
    return SoapStubAdapter(
        host=where.hostname,
        port=-port if plain else port,  # pyvmomi's way to say "no TLS"
        path=where.path if where.path not in {"", "/"} else "/sdk",
        sslContext=None if plain else _tls(config),
        httpConnectionTimeout=config.timeout,
    )


def _tls(config: VcenterConfig) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=config.ca_file)
    if config.insecure:
        log.warning(
            "vCenter %s: certificate NOT verified, anyone on the way can read the password; "
            "remove vcenters.%s.insecure and set ca_file",
            config.name,
            config.name,
        )
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
