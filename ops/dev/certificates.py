"""Certificates for a broker of the local stack, made by trustme.

trustme is needed for nothing else, so it is imported only here and its absence is said in one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.dev import ports
from ops.dev.service import Report, Unobtainable

if TYPE_CHECKING:
    from pathlib import Path


def create(ca_file: Path, keystore: Path, report: Report) -> None:
    """Make an authority and a certificate for the loopback interface, unless ``ca_file`` exists.

    ``keystore`` gets the server's private key and certificate, PEM. The key of the authority is thrown away: nobody
    can sign with it later.

    Raises:
        Unobtainable: trustme is not installed.
    """
    if ca_file.exists():
        return
    try:
        import trustme  # noqa: PLC0415 - see the module
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - comes with trustme
    except ImportError as error:
        raise Unobtainable("--secure needs the Python package trustme") from error
    report("kafka: making certificates")
    authority = trustme.CA(organization_name="reflexarc local stack")
    issued = authority.issue_cert(ports.LOOPBACK, "localhost")
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), password=None)
    # Kafka reads PKCS #8 only.
    pkcs8 = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keystore.touch(mode=0o600)
    keystore.write_bytes(pkcs8 + b"".join(pem.bytes() for pem in issued.cert_chain_pems))
    authority.cert_pem.write_to_path(str(ca_file))
