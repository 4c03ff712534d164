"""The Avro schemas that subscribers read with: files beside this one, parsed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import orjson
from fastavro.schema import fingerprint, parse_schema, to_parsing_canonical_form

Name = Literal["event", "count"]

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema.

    Attributes:
        parsed: as fastavro writes and reads with it.
        text: as a schema registry takes it: JSON, on one line.
        fingerprint: CRC-64-AVRO of its canonical form, the eight bytes as they stand in single-object encoding.
    """

    parsed: Any
    text: str
    fingerprint: bytes

    @classmethod
    def of(cls, text: str | bytes) -> Schema:
        """The schema that a JSON text describes."""
        described = orjson.loads(text)
        parsed = parse_schema(described)
        crc = fingerprint(to_parsing_canonical_form(parsed), "CRC-64-AVRO")
        return cls(parsed, orjson.dumps(described).decode(), bytes.fromhex(crc))


@cache
def schema(name: Name) -> Schema:
    """The current schema of rows of events, or of counts."""
    return Schema.of((_FOLDER / f"{name}.avsc").read_bytes())
