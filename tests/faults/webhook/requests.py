"""Requests that a webhook may meet, from well-formed events to noise: strategies for hypothesis."""

from __future__ import annotations

import gzip
import json
import operator
import time
from typing import Any, Final
from urllib.parse import urlencode

from hypothesis import strategies as st

from schemas.config.webhook.endpoint import TYPES
from tests.support import slack

ENDPOINTS: Final = {kind: {"type": kind} for kind in TYPES if kind != "slack"}
"""One of each kind, at / and its name; that of Slack needs keys."""

PATHS: Final = (*(f"/{kind}" for kind in TYPES), "/", "/openapi.json", "/stats", "/nowhere", *["/cloudevents"] * 8)
KINDS: Final = (
    "application/json",
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "application/cloudevents+xml",
    "application/x-www-form-urlencoded",
    "text/plain; charset=utf-8",
    "nonsense",
)
FIELDS: Final = (
    "payload",
    "command",
    "text",
    "team_id",
    "user_id",
    "channel_id",
    "trigger_id",
    "response_url",
    "token",
)
REQUIRED: Final = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/fuzz", "ce-type": "com.example.fuzz"}

_texts = st.text(max_size=20)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)
_field = st.binary(max_size=30).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b""))


def _well_formed(extra: dict[str, Any]) -> dict[str, Any]:
    return extra | {"specversion": "1.0", "id": "1", "source": "/fuzz", "type": "com.example.fuzz"}


_names = st.sampled_from(
    ["data", "data_base64", "datacontenttype", "time", "subject", "partitionkey", "ext", "Bad-Name"]
)
_envelopes = st.dictionaries(_names, _values, max_size=4).map(_well_formed)
_alerts = st.fixed_dictionaries(
    {"origin": _values, "event": st.fixed_dictionaries({"message": _values, "metadata": _values})},
    optional={"alerts": st.lists(_values, max_size=3), "status": _values, "commonLabels": _values},
)
_documents = (_values | _envelopes | st.lists(_envelopes, max_size=3) | _alerts).map(
    lambda value: json.dumps(value).encode()
)
_bodies = st.binary(max_size=200) | _documents | _documents.map(gzip.compress)
_asked = st.sampled_from(
    [slack.recorded("command"), *({"payload": json.dumps(slack.recorded(name))} for name in slack.PAYLOADS)]
)
_forms = (
    st.builds(operator.or_, _asked, st.dictionaries(st.sampled_from(FIELDS), _texts, max_size=2))
    .map(urlencode)
    .map(str.encode)
)
_names_of_headers = st.sampled_from([*REQUIRED, "ce-time", "ce-partitionkey", "ce-x", "ce-Bad-", "Content-Encoding"])
_headers = st.lists(st.tuples(_names_of_headers, _field | st.sampled_from([b"gzip", b"1.0", b"%41%zz"])), max_size=4)


@st.composite
def _commanding(draw: st.DrawFn) -> bytes:
    """A command or payload of Slack, perhaps with other fields, signed."""
    body = draw(_forms)
    headers = slack.headers(body, now=time.time()) | {"Host": "fuzz", "Connection": "close"}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(["POST /slack HTTP/1.1", *lines, f"Content-Length: {len(body)}"]).encode() + b"\r\n\r\n" + body


@st.composite
def _formed(draw: st.DrawFn) -> bytes:
    method = draw(st.sampled_from(["POST"] * 8 + ["PUT", "GET", "OPTIONS", "BREW"]))
    lines = [f"{method} {draw(st.sampled_from(PATHS))} HTTP/1.1", "Host: fuzz", "Connection: close"]
    if draw(st.integers(0, 3)):
        lines += [f"{name}: {value}" for name, value in REQUIRED.items()]
    if draw(st.integers(0, 9)):
        lines.append(f"Content-Type: {draw(st.sampled_from(KINDS))}")
    body = draw(_bodies)
    lines.append(f"Content-Length: {len(body)}")
    extra = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in draw(st.just([]) | _headers))
    return "\r\n".join(lines).encode() + b"\r\n" + extra + b"\r\n" + body


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """A request in which some bytes are others."""
    raw = bytearray(draw(_formed()))
    for _ in range(draw(st.integers(1, 4))):
        raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


@st.composite
def _any(draw: st.DrawFn) -> tuple[bytes, bool]:
    match draw(st.integers(0, 9)):
        case 6:  # hypothesis likes ends best
            return draw(_commanding()), True
        case 7 | 8:
            return draw(_damaged() | st.binary(max_size=300)), False
    return draw(_formed()), True


requests: Final[st.SearchStrategy[tuple[bytes, bool]]] = _any()
"""Bytes of a request, and whether it is complete and thus has an answer."""
