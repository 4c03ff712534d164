"""Which vCenter a recording is of, as far as it says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

import orjson

from schemas.errors import Refused

VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands in front of the pages that were read with one log-in.

    Attributes:
        vcenter: configured name.
        instance_uuid: which server; empty when it does not say.
        api_version: such as ``8.0.2.0``; empty when it does not say.
        clock: the vCenter's time when the reading began, RFC 3339; empty when not known.
    """

    vcenter: str = ""
    instance_uuid: str = ""
    api_version: str = ""
    clock: str = ""

    def dumps(self) -> bytes:
        """One line of JSON."""
        return orjson.dumps({"recording": VERSION, **asdict(self)}) + b"\n"

    @classmethod
    def loads(cls, body: bytes) -> Header:
        """The header in a line of JSON; what it does not say is empty.

        Raises:
            Refused: a newer release wrote it, or it is none.
        """
        try:
            stored = orjson.loads(body)
            version = int(stored["recording"])
            given = {name: str(stored.get(name, "")) for name in cls.__slots__}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused(f"not the header of a recording: {body[:80]!r}") from error
        if version > VERSION:
            raise Refused(
                f"a recording of form {version}, this release reads up to {VERSION}", cure="use a newer release"
            )
        return cls(**given)
