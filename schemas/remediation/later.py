"""What an action is followed by after some time, unless it is taken back before."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from schemas.remediation.document import Members
from schemas.remediation.entity import Entity
from schemas.remediation.model import Part, Word

LONGEST: Final = 3660 * 86_400.0
"""Seconds."""


class Later(Part):
    """One action, which is asked for as a command would.

    Attributes:
        verb: by which its limits are known.
        action: what is done then, a name of the table of actions.
        parameters: what the action is told.
        entity: what it is done to, as it was when this was written.
        after: seconds from the end of the action that it follows.
    """

    verb: Word
    action: Word
    parameters: Members = Field({}, max_length=64)
    entity: Entity
    after: Annotated[float, Field(ge=0, le=LONGEST)]
