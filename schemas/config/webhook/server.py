"""Where the webhook server listens, and what it serves."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from schemas.config.address import is_loopback, split_endpoint
from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.names import Name
from schemas.config.secret import Secret
from schemas.config.units import Size
from schemas.config.webhook.endpoint import DEFAULT, EndpointConfig
from schemas.config.webhook.network import Network
from schemas.config.webhook.stats import StatsConfig
from schemas.config.webhook.tls import ServerTlsConfig


def _endpoint(text: str) -> str:
    split_endpoint(text)
    return text


class WebhookConfig(Model):
    """Where the webhook server listens and whom it lets in."""

    listen: Annotated[str, AfterValidator(_endpoint)] = Field(
        "127.0.0.1:8080", description="Address and port to listen on; beyond loopback every endpoint needs a door."
    )
    token: Secret | None = Field(
        None, description="Bearer token for all that has no door of its own; several, one a line, while it is changed."
    )
    max_body: Size = Field(2**20, gt=0, description="Largest request body: 1MiB.")
    tls: ServerTlsConfig | None = Field(None, description="Serve https; default: plain http.")
    proxies: tuple[Network, ...] = Field(
        (), description="Addresses of reverse proxies whose X-Forwarded-For says where a request comes from."
    )
    stats: StatsConfig | None = Field(None, description="Whose counters GET /stats adds to those of the server.")
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
    def probes(self) -> tuple[str, ...]:
        """Of the other processes whose counters ``GET /stats`` adds."""
        return () if self.stats is None else self.stats.probes

    @property
    def served(self) -> dict[str, EndpointConfig]:
        """The endpoints by name, the two default ones when none is named."""
        return self.endpoints or DEFAULT

    def path(self, name: str) -> str:
        """Where the senders of an endpoint post."""
        return self.served[name].path or f"/{name}"

    def divided(self, processes: int) -> WebhookConfig:
        """The same for one of several processes behind one address: each admits its share of every rate."""
        shares = {name: endpoint.divided(processes) for name, endpoint in self.endpoints.items()}
        return self.model_copy(update={"endpoints": shares})

    @model_validator(mode="after")
    def _is_guarded(self) -> WebhookConfig:
        doors = [endpoint.door for endpoint in self.served.values() if endpoint.posts]
        if self.token is None and None in doors and not is_loopback(self.host):
            raise Fault(
                "is open to the network without a token", "add token_file, or listen on 127.0.0.1", field="listen"
            )
        if any(door and door.certificates for door in doors) and not (self.tls and self.tls.client_ca_file):
            raise Fault("asks for certificates that nobody can check", "add tls.client_ca_file", field="endpoints")
        return self

    @model_validator(mode="after")
    def _has_no_idle_stats(self) -> WebhookConfig:
        if self.stats is not None and not any(each.type == "event-router" for each in self.served.values()):
            cure = "add an endpoint of this type, or remove stats"
            raise Fault("has no effect without an endpoint of type event-router", cure, field="stats")
        return self

    @model_validator(mode="after")
    def _paths_differ(self) -> WebhookConfig:
        paths = sorted((f"{self.path(name)}/", name) for name in self.served)
        for (path, name), (other_path, other) in pairwise(paths):
            if other_path == path or (other_path.startswith(path) and self._goes_on(name)):
                raise Fault(f"the paths of {name} and {other} overlap", "give one of them another", field="endpoints")
        return self

    def _goes_on(self, name: str) -> bool:
        """Whether something may follow the path of an endpoint."""
        endpoint = self.served[name]
        return endpoint.tails or (endpoint.door is not None and endpoint.door.path_token is not None)
