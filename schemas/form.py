"""JSON of a known form, as the values of compacted topics have it: an object with its version beside what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def encode(record: BaseModel, version: int) -> bytes:
    """The value; its first member ``v`` is the version."""
    return orjson.dumps({"v": version, **record.model_dump(mode="json")})


def decode(model: type[M], value: bytes, version: int, *, largest: int, invalid: type[ReflexarcError]) -> M:
    """The record that a value holds.

    Args:
        model: what it is of.
        value: from outside; nothing of it is quoted.
        version: the only one that is read.
        largest: bytes, at most.
        invalid: raised for everything else, with a sentence that goes on from the name of the record.

    Raises:
        ReflexarcError: of the class ``invalid``.
    """
    return read(model.model_validate_json, value, version, largest=largest, invalid=invalid)


def read(parse: Callable[[bytes], T], value: bytes, version: int, *, largest: int, invalid: type[ReflexarcError]) -> T:
    """As ``decode``, of what ``parse`` makes of the value."""
    if len(value) > largest:
        raise invalid(f"has {len(value)} bytes instead of {largest} at most")
    try:
        given = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise invalid(f"is no JSON: {error}") from None
    if not isinstance(given, dict) or given.get("v") != version:
        raise invalid(f"is not a record of form {version}")
    try:
        return parse(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise invalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


class Versioned(BaseModel):
    """A record of such a form; readers ignore members that they do not know.

    Attributes:
        version: of the form, the only one that is read.
        largest: bytes of a value.
        invalid: raised for everything else.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)

    version: ClassVar[int]
    largest: ClassVar[int]
    invalid: ClassVar[type[ReflexarcError]]

    def encode(self) -> bytes:
        """The record value.

        Raises:
            ReflexarcError: of the class ``invalid``: it is larger than ``largest`` bytes.
        """
        value = encode(self, self.version)
        if len(value) > self.largest:
            raise self.invalid(f"has {len(value)} bytes, at most {self.largest} are told")
        return value

    @classmethod
    def decode(cls, value: bytes | None) -> Self:
        """The record that a value holds.

        Raises:
            ReflexarcError: of the class ``invalid``: it is none, or was written by a newer release in a form that this
                one would misread.
        """
        return decode(cls, value or b"", cls.version, largest=cls.largest, invalid=cls.invalid)
