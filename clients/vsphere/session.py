"""One logged-in session of one vCenter.

Deliberately without pyvmomi's ``SmartConnect`` and ``SessionOrientedStub``: the first negotiates without a
time-out, the second repeats calls after a socket error, which would run a remediation twice.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from pyVmomi import vim

from clients.vsphere import wire
from clients.vsphere.api_version import negotiate
from clients.vsphere.certificate import Certificate
from clients.vsphere.faults import SessionLost, attempted, translated
from clients.vsphere.logins import OF_THIS_PROCESS, Logins

if TYPE_CHECKING:
    from schemas.config import VcenterConfig


class Session:
    """A connection to one vCenter: ``connect``, ``login``, then calls through ``content``, then ``close``.

    Every call through ``stub`` is bounded by ``config.timeout`` seconds of silence. Not for two threads at once,
    except for calls through ``content`` and ``stub`` between ``login`` and ``close``.

    Args:
        config: url, credentials, TLS and time-out of the vCenter.
        logins: who may log in when.

    Raises:
        Refused: it is a recording.
    """

    def __init__(self, config: VcenterConfig, logins: Logins = OF_THIS_PROCESS) -> None:
        self.name = config.name
        self.config = config
        self._username = config.account.username
        self._logins = logins
        self._der: bytes | None = None
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

    @property
    def certificate(self) -> Certificate | None:
        """What the server showed when it was last connected to; None without TLS, or when nobody can read it."""
        try:
            return Certificate.from_der(self._der) if self._der else None
        except ValueError:
            return None

    def connect(self) -> None:
        """Reach the server and read its ``ServiceContent``; no credentials are sent yet.

        Raises:
            Unreachable: nobody answers, or no vCenter does.
            Refused: its certificate does not verify.
        """
        with translated(self.name):
            self._stub = wire.stub(self.config, self._remember)
            negotiate(self._stub)
            self._content = vim.ServiceInstance("ServiceInstance", self._stub).RetrieveContent()

    def login(self) -> None:
        """Send the credentials, read anew from their file, when it is the account's turn.

        Raises:
            InvalidLogin: the server does not accept them.
            Refused: it accepts them, but gives the account no right to be there; or the account rests.
            Unreachable: it does not answer.
        """
        with self._logins.attempt(self.config) as password, translated(self.name):
            session = self.content.sessionManager.Login(self._username, password, None)
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

    def _remember(self, der: bytes) -> None:
        self._der = der

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
