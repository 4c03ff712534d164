"""Who and where in Slack: an id, with that of its workspace before it, since others may have the same."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from schemas.config.fault import Fault

_PLACE: Final = re.compile(r"[TE][A-Z0-9]{1,31}/[A-Z0-9]{2,32}")


def _place(text: str) -> str:
    if not _PLACE.fullmatch(text):
        raise Fault("is not a workspace and an id of Slack", "write both ids with a slash: T0123ABCD/U0123ABCD")
    return text


SlackPlace = Annotated[str, AfterValidator(_place), Field(json_schema_extra={"pattern": f"^{_PLACE.pattern}$"})]
"""``T…/U…`` of a person, ``T…/C…`` of a channel."""
