"""One path of the webhook: which kind of sender posts there."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.webhook.door import DoorConfig
from schemas.config.webhook.generic import EventConfig
from schemas.config.webhook.rate import Rate

AdapterType = Literal[
    "alertmanager",
    "aria-logs",
    "aria-operations",
    "cloudevents",
    "event-router",
    "generic",
    "github",
    "grafana",
    "harbor",
    "log-alert",
    "vrni",
]

TYPES: Final[tuple[str, ...]] = get_args(AdapterType)
"""Every kind of sender."""

WITH_TAILS: Final[frozenset[str]] = frozenset({"aria-operations"})
"""Kinds of senders that put something behind the path."""

LONGEST: Final = 200
"""Characters of a path."""

_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")
_ORIGIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_RESERVED = frozenset({"/openapi.json", "/stats"})


def _path(path: str) -> str:
    segments = path.split("/")
    if len(path) > LONGEST or not _PATH.fullmatch(path) or {".", ".."} & set(segments):
        raise Fault("is not a usable path", "write /, a-z, 0-9, '-', '.', '_' and '~', without a slash at its end")
    if path in _RESERVED:
        raise Fault("is a path of the server's own", "choose another one")
    return path


def is_path(text: str) -> bool:
    """Whether an endpoint can have this path."""
    try:
        _path(text)
    except Fault:
        return False
    return True


def _origin(name: str) -> str:
    if len(name) > LONGEST or not _ORIGIN.fullmatch(name):
        raise Fault("is not a DNS name", "write the name of the sender: events.example.org")
    return name.lower()


EndpointPath = Annotated[
    str, AfterValidator(_path), WithJsonSchema({"type": "string", "pattern": f"^{_PATH.pattern}$"})
]
"""Path without a slash at its end."""


class EndpointConfig(Model):
    """Which kind of sender posts where."""

    type: AdapterType = Field(description=f"Who sends: {', '.join(TYPES)}.")
    path: EndpointPath | None = Field(None, description="Where it posts; default: / and the name of the endpoint.")
    door: DoorConfig | None = Field(None, description="Whom it lets in; default: who has the server's token.")
    rate: Rate | None = Field(None, description="Most requests from one address: 100/s; default: no limit.")
    origins: dict[Annotated[str, AfterValidator(_origin)], Rate] = Field(
        {},
        description="Senders that may ask first (OPTIONS, CloudEvents' webhook hand-shake), by the name they give, "
        "and how much each may send.",
    )

    @property
    def tails(self) -> bool:
        """Whether its senders add to the path."""
        return self.type in WITH_TAILS

    event: EventConfig | None = Field(None, description="Which part of the JSON is which attribute; of type generic.")

    @property
    def settings(self) -> EventConfig:
        """What the adapter is told besides, where it takes settings."""
        return self.event or EventConfig()

    @model_validator(mode="after")
    def _has_no_idle_settings(self) -> EndpointConfig:
        if self.event is not None and self.type != "generic":
            raise Fault(f"has no effect on type {self.type}", "remove it, or write type: generic", field="event")
        return self


DEFAULT: Final = {
    "events": EndpointConfig(type="cloudevents"),
    "log": EndpointConfig(type="log-alert", path="/alerts/log"),
}
"""The endpoints of a webhook that names none."""
