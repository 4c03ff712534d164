"""One path of the webhook: which kind of sender posts there."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from schemas.cloudevents.attributes import check_string
from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.webhook.door import DoorConfig
from schemas.config.webhook.generic import EventConfig
from schemas.config.webhook.rate import Rate
from schemas.config.webhook.slack import SlackConfig
from schemas.errors import InvalidEvent

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
    "slack",
    "vrni",
]

TYPES: Final[tuple[str, ...]] = get_args(AdapterType)
"""Every kind of sender."""

WITH_TAILS: Final[frozenset[str]] = frozenset({"aria-operations"})
"""Kinds of senders that put something behind the path."""

AS_SENT: Final[frozenset[str]] = frozenset({"cloudevents", "event-router"})
"""Kinds of senders whose events say themselves where they are from."""

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


def _source(text: str) -> str:
    try:
        check_string("source", text)
    except InvalidEvent:
        raise Fault("holds a control character", "write the source that the events have") from None
    if not text.rstrip("*") or "*" in text[:-1] or len(text) > LONGEST:
        raise Fault("is no source", f"write it in at most {LONGEST} characters, with * at its end where it goes on")
    return text


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

    sources: tuple[Annotated[str, AfterValidator(_source)], ...] = Field(
        (),
        description="The only sources that its events may have, and that those of other endpoints may not; with * at "
        "their end; of types cloudevents and event-router.",
    )
    trusted: bool = Field(
        default=False,
        description="Take events that say they are a vCenter's, or have been through reflexarc, from senders that pass "
        "such events on; of types cloudevents and event-router.",
    )
    event: EventConfig | None = Field(None, description="Which part of the JSON is which attribute; of type generic.")
    slack: SlackConfig | None = Field(None, description="Who may give commands, and keys; of type slack.")

    @property
    def tails(self) -> bool:
        """Whether its senders add to the path."""
        return self.type in WITH_TAILS

    @property
    def posts(self) -> bool:
        """Whether anybody posts there: what Slack has may come by Socket Mode alone."""
        return self.door is not None or self.slack is None or self.slack.socket_mode is None

    def divided(self, processes: int) -> EndpointConfig:
        """The same with a share of each rate."""
        rate = None if self.rate is None else self.rate / processes
        origins = {name: given / processes for name, given in self.origins.items()}
        return self.model_copy(update={"rate": rate, "origins": origins})

    @property
    def settings(self) -> EventConfig | SlackConfig:
        """What the adapter is told besides, where it takes settings."""
        return self.slack or self.event or EventConfig()

    @model_validator(mode="after")
    def _has_no_idle_settings(self) -> EndpointConfig:
        for key, kind in (("event", "generic"), ("slack", "slack")):
            if getattr(self, key) is not None and self.type != kind:
                raise Fault(f"has no effect on type {self.type}", f"remove it, or write type: {kind}", field=key)
        for key in ("sources", "trusted"):
            if getattr(self, key) and self.type not in AS_SENT:
                raise Fault(
                    f"has no effect on type {self.type}, whose events get their source here", "remove it", field=key
                )
        return self

    @model_validator(mode="after")
    def _knows_slack(self) -> EndpointConfig:
        if self.type != "slack":
            return self
        if self.slack is None:
            cure = "say who may give commands: slack: {teams, users, seal_key_file, principal_key_file}"
            raise Fault("is missing", cure, field="slack")
        if self.posts and (self.door is None or self.door.hmac is None or not self.door.hmac.is_slack):
            cure = (
                "add door: {hmac: {preset: slack, secret_file: …}} with the app's signing secret, or slack.socket_mode"
            )
            raise Fault("does not check Slack's signature", cure, field="door")
        return self

    @model_validator(mode="after")
    def _guards_stats(self) -> EndpointConfig:
        if self.type == "event-router" and self.door is not None and (self.door.hmac or self.door.path_token):
            what = "cannot guard GET /stats, which has neither a body to sign nor a path of one's own"
            raise Fault(what, "use username and password, token, certificates or allow", field="door")
        return self


DEFAULT: Final = {
    "events": EndpointConfig(type="cloudevents"),
    "log": EndpointConfig(type="log-alert", path="/alerts/log"),
}
"""The endpoints of a webhook that names none."""
