"""How a vCenter is reached: TLS with its trust, a pinned certificate, a proxy in between."""

from __future__ import annotations

import logging
import ssl
from functools import partial
from hashlib import sha256
from hmac import compare_digest
from http.client import HTTP_PORT, HTTPS_PORT, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pyVmomi import SoapStubAdapter

from clients.vsphere.faults import WrongCertificate

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import VcenterConfig

    Shown = Callable[[bytes], None]

log = logging.getLogger(__name__)


def stub(config: VcenterConfig, shown: Shown) -> Any:
    """A pyvmomi stub for a vCenter; nothing is sent yet.

    Connecting, the handshake, and every answer are bounded by ``config.timeout`` seconds of silence each.

    Args:
        config: address, trust, proxy, time-out.
        shown: called with the certificate (DER) of every new connection that is trusted; never without TLS.
    """
    where = urlsplit(config.url)
    plain = where.scheme == "http"
    port = where.port or (HTTP_PORT if plain else HTTPS_PORT)
    proxy = urlsplit(config.proxy) if config.proxy else None
    if plain:
        log.warning("vCenter %s: the password travels in clear, its url says http", config.name)
    adapter = SoapStubAdapter(
        host=where.hostname,
        port=-port if plain else port,  # pyvmomi's way to say "no TLS"
        path=where.path if where.path not in {"", "/"} else "/sdk",
        sslContext=None if plain else _tls(config),
        httpConnectionTimeout=config.timeout,
        httpProxyHost=proxy.hostname if proxy else None,
        httpProxyPort=(proxy.port or HTTP_PORT) if proxy else HTTP_PORT,
    )
    if not plain:
        # pyvmomi's own pinning is skipped when an authority vouches for the certificate, whichever that is.
        adapter.scheme = partial(_Connection, thumbprint=config.thumbprint, shown=shown)
    return adapter


class _Connection(HTTPSConnection):
    """A verified connection: no byte of a request leaves before the pinned certificate has been seen."""

    def __init__(self, *arguments: Any, thumbprint: str | None, shown: Shown, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._thumbprint = thumbprint
        self._shown = shown

    def connect(self) -> None:
        """Connect, through the proxy if there is one, and check the certificate.

        Raises:
            OSError: no connection, a proxy that refuses, a time-out.
            ssl.SSLCertVerificationError: the certificate is not trusted.
        """
        try:
            super().connect()
            der: bytes = self.sock.getpeercert(binary_form=True) or b""
            self._check(sha256(der).hexdigest())
        except BaseException:
            self.close()
            raise
        self._shown(der)

    def _check(self, fingerprint: str) -> None:
        if self._thumbprint is not None and not compare_digest(fingerprint, self._thumbprint):
            raise WrongCertificate(fingerprint)


def _tls(config: VcenterConfig) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=config.ca_file)
    if config.insecure:
        log.warning(
            "vCenter %s: certificate NOT verified, anyone on the way can read the password; "
            "remove vcenters.%s.insecure and set ca_file or thumbprint",
            config.name,
            config.name,
        )
    if config.insecure or config.thumbprint:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
