"""How the webhook server proves who it is, and whose certificates it asks for."""

from __future__ import annotations

from pydantic import Field

from schemas.config.files import ReadableFile
from schemas.config.model import Model


class ServerTlsConfig(Model):
    """Files, all read again for new connections when one of them changes."""

    certificate_file: ReadableFile = Field(description="Our certificate (PEM, leaf first).")
    key_file: ReadableFile = Field(description="Its private key (PEM, not encrypted).")
    client_ca_file: ReadableFile | None = Field(
        None, description="Authorities of the senders' certificates (PEM); the doors say who needs one."
    )
