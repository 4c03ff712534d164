"""What a decider hears: requests, outcomes and answers, in one topic by their scope."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, TypeAdapter

from schemas import form
from schemas.remediation.answer import Answer
from schemas.remediation.model import HEARD, VERSION, InvalidRemediation
from schemas.remediation.outcome import Outcome
from schemas.remediation.request import Request

Heard = Request | Outcome | Answer

_HEARD: Final[TypeAdapter[Heard]] = TypeAdapter(Annotated[Heard, Field(discriminator="kind")])


def heard(value: bytes | None) -> Heard:
    """The record that a value holds.

    Raises:
        InvalidRemediation: it is none of them, or of a form that this release does not know.
    """
    given = value or b""
    record: Heard = form.read(_HEARD.validate_json, given, VERSION, largest=HEARD, invalid=InvalidRemediation)
    return record.read_from(given)
