"""The HTTP door for events that others push: where it listens, its endpoints, whom it lets in."""

from schemas.config.webhook.endpoint import EndpointConfig
from schemas.config.webhook.server import WebhookConfig

__all__ = ["EndpointConfig", "WebhookConfig"]
