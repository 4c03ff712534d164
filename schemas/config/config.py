"""The whole configuration file."""

from __future__ import annotations

from pydantic import Field, SerializeAsAny

from schemas.config.commands import CommandsConfig
from schemas.config.inventory import IngestInventoryConfig
from schemas.config.kafka import KafkaConfig
from schemas.config.model import Model
from schemas.config.remediation import RemediationConfig
from schemas.config.route import RouteConfig
from schemas.config.sink import SinkConfig
from schemas.config.vcenter import VcenterConfig
from schemas.config.webhook import WebhookConfig


class Config(Model):
    """Everything an installation is told, validated; each part carries its own name."""

    kafka: KafkaConfig = Field(description="The cluster and the shape of our topics.")
    vcenters: dict[str, VcenterConfig] = Field({}, description="vCenter Servers whose events are followed, by name.")
    webhook: WebhookConfig | None = Field(None, description="The HTTP door; absent: closed.")
    inventory: IngestInventoryConfig = Field(
        IngestInventoryConfig(), description="How what filters know of entities is kept current."
    )
    remediation: RemediationConfig = Field(
        RemediationConfig(), description="The limits of sinks of type remediation; default: nothing is touched."
    )
    commands: CommandsConfig | None = Field(None, description="What people may ask for in person; absent: nothing.")
    routes: tuple[RouteConfig, ...] = Field((), description="Which events go to which sinks.")
    sinks: dict[str, SerializeAsAny[SinkConfig]] = Field({}, description="Destinations, by name.")
