"""What is being done and what was done, by the id of its order; one partition's part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.remediation.intent import Intent

KEPT: Final = 8 * 24 * 3600.0
"""Seconds that the end of an action is remembered: longer than an order may be read again."""


class Journal:
    """Intents by id.

    Args:
        intents: what former owners have left.
    """

    def __init__(self, intents: Iterable[Intent] = ()) -> None:
        self._intents = {intent.id: intent for intent in intents}

    def __len__(self) -> int:
        return len(self._intents)

    def get(self, id: str) -> Intent | None:  # noqa: A002 - the attribute
        """What was written down of an order; None when nothing was begun."""
        return self._intents.get(id)

    def put(self, intent: Intent) -> None:
        """Note how far it is."""
        self._intents[intent.id] = intent

    def unfinished(self) -> list[Intent]:
        """What was begun and has not ended, the oldest first."""
        return sorted((one for one in self._intents.values() if one.stage != "ended"), key=lambda one: one.at)

    def prune(self, now: float) -> list[str]:
        """Forget what ended long ago; the ids."""
        old = [one.id for one in self._intents.values() if one.stage == "ended" and one.at < now - KEPT]
        for id_ in old:
            del self._intents[id_]
        return old
