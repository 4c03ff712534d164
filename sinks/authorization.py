"""The Authorization header, made from secrets that may rotate at any time."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from schemas.config import Fault
from schemas.config.address import is_loopback
from schemas.errors import Refused
from sinks.fresh import Fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import Secret

_TOKEN = re.compile(r"[!-~]+")


class Authorization:
    """Bearer with a token, Basic with username and password, nothing without either."""

    def __init__(
        self,
        *,
        token: Secret | None = None,
        username: str | None = None,
        password: Secret | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token = token
        self._username = username
        self._password = password
        self._headers = Fresh(self._read, clock=clock)

    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header, if any; the secret in it is at most ``fresh.FRESH`` seconds old.

        Raises:
            Refused: the secret is gone, or no header can hold it.
        """
        return self._headers.get()

    def _read(self) -> tuple[tuple[str, str], ...]:
        if self._token is not None:
            return (("Authorization", f"Bearer {_printable(self._token.reveal())}"),)
        if self._username is not None and self._password is not None:
            pair = f"{self._username}:{self._password.reveal()}".encode()
            return (("Authorization", f"Basic {b64encode(pair).decode()}"),)
        return ()


def check_login(username: str | None, password: Secret | None, *, colon: bool = False) -> None:
    """A login is whole or absent, and can be told apart again (RFC 7617: no colon in the name, unless allowed).

    Raises:
        Fault: it is not.
    """
    if (username is None) != (password is None):
        raise Fault("comes without its other half", "write both username and password_file", field="username")
    if username is not None and ":" in username and not colon:
        raise Fault("has a colon in it", "use an account without one", field="username")


def check_secrecy(url: str, *, insecure: bool, field: str, proxied: bool = False) -> None:
    """Secrets travel encrypted, or on this machine, or where the operator has allowed it.

    Args:
        url: where to.
        insecure: whether the operator has allowed it.
        field: the key that the fault is told for.
        proxied: whether they go through a proxy, whose loopback is another machine's.

    Raises:
        Fault: none of these.
    """
    parts = urlsplit(url)
    here = is_loopback(parts.hostname or "") and not proxied
    if parts.scheme in {"http", "amqp"} and not insecure and not here:
        cure = f"write {parts.scheme}s://, or insecure: true where the network itself is trusted"
        raise Fault("would send the secret unencrypted", cure, field=field)


def _printable(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise Refused("the token has characters that no header may hold", cure="store nothing but the token")
    return token
