"""The JSON event format as a JSON Schema (2020-12), for descriptions of what takes events.

It says which members there are and of what type; :mod:`schemas.cloudevents.json` decides. The characters that no
attribute may hold, and what data a ``datacontenttype`` asks for, are not in it; on the other hand a member that is
null, and thus absent, needs a proper name here.
"""

from __future__ import annotations

from typing import Any, Final

from schemas.cloudevents.attributes import SPECVERSION

_TEXT: Final = {"type": "string", "minLength": 1}
_OPTIONAL: Final = {"type": ["string", "null"], "minLength": 1}

EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type"],
    "properties": {
        "specversion": {"const": SPECVERSION},
        "id": _TEXT,
        "source": {**_TEXT, "format": "uri-reference"},
        "type": _TEXT,
        "subject": _OPTIONAL,
        "time": {**_OPTIONAL, "format": "date-time"},
        "datacontenttype": _OPTIONAL,
        "dataschema": {**_OPTIONAL, "format": "uri"},
        "data": {},
        "data_base64": {"type": ["string", "null"], "contentEncoding": "base64"},
    },
    "propertyNames": {"pattern": "^([a-z0-9]+|data_base64)$"},
    "additionalProperties": {
        "type": ["string", "boolean", "integer", "null"],
        "minimum": -(2**31),
        "maximum": 2**31 - 1,
    },
}
"""One event: a member per attribute, beside its data."""
