"""The base of the records of remediation: JSON with a version; readers ignore members that they do not know."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.epoch import EARLIEST, LATEST
from schemas.errors import ReflexarcError
from schemas.form import Versioned

VERSION: Final = 1

LARGEST: Final = 512 * 2**10
"""Bytes of a record's value."""

HEARD: Final = 192 * 2**10
"""Bytes of what a decider hears: what becomes of a request has room for it, and for more."""

LONGEST: Final = 512
"""Characters of a word."""

Text = Annotated[str, StringConstraints(max_length=4096)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Time = Annotated[float, Field(ge=EARLIEST / 1000, le=LATEST / 1000)]
"""Seconds since 1970 of which there is a date."""

Id = Annotated[str, StringConstraints(pattern=r"\A[0-9a-f]{16}\z")]


class InvalidRemediation(ReflexarcError):  # noqa: N818 - reads as the state it names
    """A value that is no record of remediation; the message says why, and holds none of it."""


class Part(BaseModel):
    """A part of a record."""

    # A limit compared with what is not a number holds nothing back.
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True, allow_inf_nan=False)


class Record(Versioned, Part):
    """A whole record."""

    version: ClassVar = VERSION
    largest: ClassVar = LARGEST
    invalid: ClassVar = InvalidRemediation
