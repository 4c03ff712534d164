"""A row as bytes, with a mark before them that says which schema wrote them.

Single-object encoding (Avro 1.11, "Single-object encoding"): C3 01 and the CRC-64-AVRO fingerprint of the schema.
Confluent's wire format: 00 and the four bytes of the id that a schema registry has given it.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from fastavro import schemaless_writer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.avro.schema import Schema

SINGLE_OBJECT: Final = b"\xc3\x01"
CONFLUENT: Final = b"\0"


class Encoding:
    """Encodes the rows of one schema.

    Args:
        schema: of the rows.
        registered: id of the schema at a registry; None takes its fingerprint.

    Attributes:
        mark: what every encoded row begins with.
    """

    def __init__(self, schema: Schema, registered: int | None = None) -> None:
        self.mark = SINGLE_OBJECT + schema.fingerprint
        if registered is not None:
            self.mark = CONFLUENT + registered.to_bytes(4, "big")
        self._parsed = schema.parsed

    def encode(self, row: Mapping[str, Any]) -> bytes:
        """The bytes of a row that has every field without a default."""
        buffer = BytesIO()
        buffer.write(self.mark)
        schemaless_writer(buffer, self._parsed, row)
        return buffer.getvalue()
