"""The HTTP door for events that others push: where it listens, its endpoints, whom it lets in."""

from schemas.config.webhook.door import DoorConfig, HmacConfig
from schemas.config.webhook.endpoint import EndpointConfig
from schemas.config.webhook.generic import EventConfig
from schemas.config.webhook.server import WebhookConfig
from schemas.config.webhook.slack import SlackConfig, SocketModeConfig
from schemas.config.webhook.stats import StatsConfig
from schemas.config.webhook.tls import ServerTlsConfig

__all__ = [
    "DoorConfig",
    "EndpointConfig",
    "EventConfig",
    "HmacConfig",
    "ServerTlsConfig",
    "SlackConfig",
    "SocketModeConfig",
    "StatsConfig",
    "WebhookConfig",
]
