"""How the server of a sink is reached: whom we trust, who we are, through which proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.http import Channel
from schemas.config.secret import LONGEST
from schemas.errors import Refused
from sinks.fresh import Fresh

if TYPE_CHECKING:
    from pathlib import Path

    from sinks.http.config import HttpConfig


class Way:
    """The channel of a sink; after a change of our certificate or key, another one within a second."""

    def __init__(self, config: HttpConfig) -> None:
        self._config = config
        self._channel = Fresh(self._read)

    @property
    def changes(self) -> bool:
        """Whether it depends on files that may be rotated."""
        return self._config.client_certificate_file is not None

    def channel(self) -> Channel:
        """How the server is reached now.

        Raises:
            Refused: our certificate or key is gone, or cannot be used.
        """
        return self._channel.get()

    def _read(self) -> Channel:
        config = self._config
        certificate = key = None
        if config.client_certificate_file is not None and config.client_key is not None:
            certificate = _content(config.client_certificate_file)
            key = config.client_key.reveal().encode() + b"\n"
            if b"ENCRYPTED" in key:  # libcurl would ask for its password at the terminal
                raise Refused("the private key is encrypted", cure="store it without a password, for this user only")
        return Channel(
            ca_file=None if config.ca_file is None else str(config.ca_file),
            verify=not config.insecure,
            certificate=certificate,
            key=key,
            proxy=config.proxy,
            http2=config.http2,
        )


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise Refused(f"our certificate {path} cannot be read: {reason}", cure="let this user read it") from None
    if len(content) > LONGEST:
        raise Refused(f"our certificate {path} is larger than {LONGEST} bytes", cure="store the certificate alone")
    return content
