"""``mode: raw``: a request of the operator's own instead of a CloudEvent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from clients.http import plain_lines
from schemas.cloudevents.mediatype import is_json
from schemas.errors import Reject
from schemas.templates.fuel import Fuel
from schemas.templates.inputs import Inputs
from schemas.templates.unfit import Unfit
from sinks.fresh import Fresh
from sinks.http.rawconfig import template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.cloudevents import CloudEvent
    from schemas.templates.template import Template
    from sinks.http.rawconfig import RawConfig


class Raw:
    """Makes requests from events. Cost: that of the templates, bounded per event (``schemas.templates.fuel``)."""

    def __init__(self, config: RawConfig) -> None:
        self._as_json = is_json(config.content_type)
        self._body = template(config.body, as_json=self._as_json)
        self._headers = [(name, template(source, as_json=False)) for name, source in config.headers.items()]
        self._content_type = plain_lines([("Content-Type", config.content_type)])
        secret = config.secret
        self._secret: Fresh[str | None] = Fresh(lambda: None if secret is None else secret.reveal())

    def render(self, event: CloudEvent) -> tuple[tuple[bytes, ...], bytes]:
        """Header lines and body.

        Raises:
            Reject: the event lacks what a template reads, or what comes out cannot be sent; the reason names the key.
            Refused: the secret is gone.
        """
        inputs = (*Inputs.of(event), Fuel(), self._secret.get())
        body = _told("raw.body", self._body, inputs).encode()
        if self._as_json:
            _check_json(body)
        headers = [(name, _told(f"raw.headers.{name}", source, inputs)) for name, source in self._headers]
        try:
            return (*self._content_type, *plain_lines(headers)), body
        except ValueError as error:
            raise Reject(f"raw.headers: {error}") from None


def _told(place: str, source: Template, inputs: tuple[Mapping[str, str], Any, Fuel, str | None]) -> str:
    try:
        return source.render(*inputs)
    except Unfit as error:
        raise Reject(f"{place}: {error}") from None


def _check_json(body: bytes) -> None:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Reject(f"raw.body: gives no JSON: {error.msg} in line {error.lineno}") from None
