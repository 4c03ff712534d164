"""How any JSON becomes events: which part of it is which attribute."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, model_validator

from schemas.cloudevents.attributes import check_string
from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.webhook.jsonpath import LONGEST, compiled
from schemas.errors import InvalidEvent

_PATH: Final = re.compile(r"[$@]")


def is_path(text: str) -> bool:
    """Whether ``text`` is a JSONPath: of the payload when it begins with ``$``, of the element with ``@``."""
    return _PATH.match(text) is not None


def _path(text: str) -> str:
    if not text.startswith("$"):
        raise Fault("is not a JSONPath of the payload", "write $.alerts[*]")
    compiled(text)
    return text


def _value(text: str) -> str:
    if is_path(text):
        compiled(text)
        return text
    try:
        check_string("constant", text)
    except InvalidEvent:
        raise Fault("holds a control character", "write printable text") from None
    if not text.strip() or len(text) > LONGEST:
        raise Fault("is no constant", f"write 1 to {LONGEST} characters, or a JSONPath that begins with $ or @")
    return text


Value = Annotated[str, AfterValidator(_value)]
"""A JSONPath that begins with ``$`` or ``@``, or a constant."""


class EventConfig(Model):
    """Attributes of the events of a payload: each a JSONPath (RFC 9535), or a constant.

    ``$`` is the payload, ``@`` the element that ``each`` has found. Of several values that a path leads to, the first
    that is a text or number counts.
    """

    each: Annotated[str, AfterValidator(_path)] | None = Field(
        None, description="JSONPath of the elements that become events, $.alerts[*]; default: the payload is one event."
    )
    id: Value | None = Field(
        None, description="What is the same when a sender repeats itself; default: SHA-256 of the body, and position."
    )
    type: Value = Field("com.reflexarc.generic.event.v0", description="Type of the event.")
    subject: Value | None = Field(None, description="What routes match; default: the endpoint's name.")
    time: Value | None = Field(
        None, description="RFC 3339, or seconds or milliseconds since 1970; what is neither is left out."
    )
    key: Value | None = Field(
        None, description="Partition key: what has the same one stays in order; default: the endpoint's name."
    )

    @model_validator(mode="after")
    def _elements_exist(self) -> EventConfig:
        for name in ("id", "type", "subject", "time", "key"):
            if self.each is None and (getattr(self, name) or "").startswith("@"):
                raise Fault("begins with @ where there are no elements", "write $, or add each:", field=name)
        return self
