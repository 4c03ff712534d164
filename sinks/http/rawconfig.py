"""The keys of ``raw``: a request of the operator's own, filled in from the event by templates."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import re2
from pydantic import AfterValidator, Field, field_validator, model_validator

from clients.http import plain_lines
from schemas.cloudevents.mediatype import check_media_type, is_json
from schemas.config import Fault, Model, Secret
from schemas.errors import InvalidEvent
from schemas.templates.template import Flawed, Template

DEEPEST: Final = 16
_OURS: Final = frozenset({"content-type", "content-length", "transfer-encoding", "host", "connection"})


def template(source: str, *, as_json: bool) -> Template:
    """A template of this section compiled: it reads ``event``, ``data`` and ``secret``.

    Raises:
        Fault: it is none.
    """
    try:
        return Template(source, as_json=as_json, secret=True)
    except Flawed as error:
        flaw = error.flaws[0]
        raise Fault(f"{flaw.what} (line {flaw.line} of it)", flaw.cure) from None


def _status(status: int) -> int:
    if not 200 <= status <= 599:
        raise Fault("holds what is no status of an answer", "write numbers from 200 to 599")
    return status


class AnswerConfig(Model):
    """What the JSON of an answer must say, beside the status, before the event counts as delivered."""

    path: str = Field(min_length=1, max_length=500, description="Where it says it: keys with dots between them.")
    equals: str | int | float | bool | None = Field(None, description="The value there.")
    matches: str | None = Field(
        None, max_length=500, description="Regular expression (RE2) that the text or number there matches as a whole."
    )

    @model_validator(mode="after")
    def _says_what_to_expect(self) -> AnswerConfig:
        if (self.matches is None) == ("equals" not in self.model_fields_set):
            raise Fault("needs one of equals and matches", "name one of them")
        keys = self.path.split(".")
        if not all(keys) or len(keys) > DEEPEST:
            raise Fault("is no path", f"write at most {DEEPEST} keys with single dots between them", field="path")
        return self

    @field_validator("matches")
    @classmethod
    def _is_an_expression(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            expression(pattern)
        return pattern


class RawConfig(Model):
    """The request, and what counts as success."""

    method: Literal["POST", "PUT", "PATCH"] = Field("POST", description="How to ask.")
    content_type: str = Field(
        "application/json", description="Media type of the body; with one of JSON, {{ }} in the body writes JSON."
    )
    body: str = Field(description="Template of the body; it reads event, data and secret.")
    headers: dict[str, str] = Field({}, description="Templates of further headers; they read the same.")
    secret: Secret | None = Field(None, description="A secret for the body or a header: {{ secret }}.")
    accept: tuple[Annotated[int, AfterValidator(_status)], ...] = Field(
        (), max_length=50, description="Statuses that accept; default: 200 to 299."
    )
    answer: AnswerConfig | None = Field(None, description="What the answer must say, too.")

    @field_validator("content_type")
    @classmethod
    def _is_a_media_type(cls, value: str) -> str:
        try:
            check_media_type("content_type", value)
        except InvalidEvent:
            raise Fault("is no media type", "write it as application/json") from None
        return value

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, source in headers.items():
            if name.lower() in _OURS:
                raise Fault(f"sets {name}, which is set already", "remove that header, or write content_type")
            try:
                plain_lines([(name, "x")])
            except ValueError as error:
                raise Fault(str(error), "write a name of letters, digits and -") from None
            template(source, as_json=False)
        return headers

    @model_validator(mode="after")
    def _body_is_a_template(self) -> RawConfig:
        try:
            template(self.body, as_json=is_json(self.content_type))
        except Fault as fault:
            raise Fault(fault.what, fault.cure, field="body") from None
        return self


def expression(pattern: str) -> Any:
    """A compiled regular expression, whose time grows with the text only.

    Raises:
        Fault: it is none.
    """
    options = re2.Options()
    options.max_mem = 1024 * 1024
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error:
        raise Fault("is no regular expression of RE2", "write one without look-around and back-references") from None
