"""Where the webhook server listens, and what it serves."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from schemas.config.address import is_loopback, split_endpoint
from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.names import Name
from schemas.config.secret import Secret
from schemas.config.units import Size
from schemas.config.webhook.endpoint import DEFAULT, EndpointConfig


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
    endpoints: dict[Name, EndpointConfig] = Field(
        {}, description="Who posts where, by name; default: events (CloudEvents) and log (log alerts, at /alerts/log)."
    )

    @property
    def host(self) -> str:
        """Address to bind, without brackets."""
        return split_endpoint(self.listen)[0]

    @property
    def port(self) -> int:
        """Port to bind; 0 lets the system choose."""
        return split_endpoint(self.listen)[1]

    @property
    def served(self) -> dict[str, EndpointConfig]:
        """The endpoints by name, the two default ones when none is named."""
        return self.endpoints or DEFAULT

    def path(self, name: str) -> str:
        """Where the senders of an endpoint post."""
        return self.served[name].path or f"/{name}"

    @model_validator(mode="after")
    def _is_guarded(self) -> WebhookConfig:
        if self.token is None and not is_loopback(self.host):
            raise Fault(
                "is open to the network without a token", "add token_file, or listen on 127.0.0.1", field="listen"
            )
        return self

    @model_validator(mode="after")
    def _paths_differ(self) -> WebhookConfig:
        paths: dict[str, str] = {}
        for name in self.served:
            other = paths.setdefault(self.path(name), name)
            if other != name:
                raise Fault(f"{other} and {name} have the same path", "give one of them another", field="endpoints")
        return self
