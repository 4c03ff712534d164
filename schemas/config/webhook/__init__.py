"""The HTTP door for events that others push."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from schemas.config.address import is_loopback, split_endpoint
from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.secret import Secret
from schemas.config.units import Size


def _endpoint(text: str) -> str:
    split_endpoint(text)
    return text


class WebhookConfig(Model):
    """Where the webhook server listens and whom it lets in."""

    listen: Annotated[str, AfterValidator(_endpoint)] = Field(
        "127.0.0.1:8080", description="Address and port to listen on; beyond loopback a token is required."
    )
    token: Secret | None = Field(None, description="Bearer token that senders present.")
    max_body: Size = Field(2**20, gt=0, description="Largest request body: 1MiB.")

    @property
    def host(self) -> str:
        """Address to bind, without brackets."""
        return split_endpoint(self.listen)[0]

    @property
    def port(self) -> int:
        """Port to bind; 0 lets the system choose."""
        return split_endpoint(self.listen)[1]

    @model_validator(mode="after")
    def _is_guarded(self) -> WebhookConfig:
        if self.token is None and not is_loopback(self.host):
            raise Fault(
                "is open to the network without a token", "add token_file, or listen on 127.0.0.1", field="listen"
            )
        return self
