"""The stand-in's certificate, of an authority of the tests; the same after a restart in the same folder."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("127.0.0.1", "localhost", "slack.com", "hooks.slack.com")


def authority(folder: Path) -> Path:
    """The file whose authority the certificate is of; the first call makes both."""
    file, identity = folder / "ca.pem", folder / "server.pem"
    if not identity.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = trustme.CA()
        made.cert_pem.write_to_path(file)
        made.issue_cert(*NAMES).private_key_and_cert_chain_pem.write_to_path(identity)
    return file


def context(folder: Path) -> ssl.SSLContext:
    """The server's side of it."""
    authority(folder)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / "server.pem")
    return made
