"""What a decider hears: requests, outcomes and answers, in one topic by their scope."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import from_json

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
    if value is None or len(value) > HEARD:
        raise InvalidRemediation(f"has {len(value or b'')} bytes instead of 1 to {HEARD}")
    try:
        given = from_json(value)
    except ValueError as error:
        raise InvalidRemediation(f"is no JSON: {error}") from None
    if not isinstance(given, dict) or given.get("v") != VERSION:
        raise InvalidRemediation(f"is not a record of form {VERSION}")
    try:
        return _HEARD.validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidRemediation(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
