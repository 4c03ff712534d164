"""TLS of the server: a certificate that is renewed is shown to the next connection, and those there are go on."""

from __future__ import annotations

import logging
import ssl
from time import monotonic
from typing import TYPE_CHECKING, Final

from schemas.errors import Refused

if TYPE_CHECKING:
    from schemas.config.webhook import ServerTlsConfig

LOOK: Final = 1.0
"""Seconds between two looks at the files, at the next connection."""

_log = logging.getLogger(__name__)


class Tls:
    """The files of the configuration as they are now.

    Args:
        config: the ``tls`` part of the webhook's configuration.

    Raises:
        Refused: they cannot be used.
    """

    def __init__(self, config: ServerTlsConfig) -> None:
        self._config = config
        self._version = self._versions()
        self._current = _context(config)
        self._looked = monotonic()
        self.context = _context(config)
        self.context.sni_callback = self._choose

    def _choose(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        """Called at each hand-shake."""
        if monotonic() - self._looked > LOOK:
            self._looked = monotonic()
            self._renew()
        connection.context = self._current

    def _renew(self) -> None:
        version = self._versions()
        if version == self._version:
            return
        try:
            self._current = _context(self._config)
        except Refused as refused:  # half of the files may be new
            _log.error("the certificate before it stays in use: %s", refused)
        else:
            self._version = version
            _log.info("a new certificate is in use")

    def _versions(self) -> tuple[int, ...]:
        files = (self._config.certificate_file, self._config.key_file, self._config.client_ca_file)
        try:
            return tuple(file.stat().st_mtime_ns for file in files if file is not None)
        except OSError:
            return ()


def _context(config: ServerTlsConfig) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # OpenSSL would ask for the password of an encrypted key at the terminal, and stand still.
        context.load_cert_chain(config.certificate_file, config.key_file, password=lambda: "")
        if config.client_ca_file is not None:
            context.load_verify_locations(config.client_ca_file)
            context.verify_mode = ssl.CERT_OPTIONAL
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise Refused(
            f"webhook.tls: {getattr(error, 'reason', None) or getattr(error, 'strerror', None) or error}",
            cure="give a PEM certificate, its unencrypted PEM key and PEM authorities",
        ) from error
    return context
