"""Whom a sink trusts: the keys ``ca_file`` and ``insecure``, and the TLS context that they make."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from schemas.config import Fault

if TYPE_CHECKING:
    from pathlib import Path


def check_authority(ca_file: Path | None, *, insecure: bool, field: str = "ca_file") -> None:
    """Authorities are named only where certificates are verified.

    Args:
        ca_file: the authorities.
        insecure: whether certificates are not verified.
        field: the key that the fault is told for.

    Raises:
        Fault: they would have no effect.
    """
    if insecure and ca_file is not None:
        raise Fault("has no effect with insecure: true", "remove one of the two", field=field)


def context(ca_file: Path | None, *, insecure: bool) -> ssl.SSLContext:
    """The context of a client that trusts ``ca_file``, by default the system's authorities, or anybody.

    Raises:
        OSError: the file is gone, or holds no certificate.
    """
    made = ssl.create_default_context(cafile=ca_file)
    if insecure:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made
