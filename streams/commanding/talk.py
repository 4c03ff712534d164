"""Commands that are answered at once from what is known here, and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.commands import wording
from streams.commands.arguments import Reference, Said, Topic
from streams.commands.guide import guide

if TYPE_CHECKING:
    from streams.commanding.watch import Watch
    from streams.commands.parse import Command
    from streams.commands.wording import Wording

LATEST: Final = 5
"""Commands of somebody's own that ``status`` tells of."""


def talk(command: Command, person: str, watch: Watch) -> Wording | None:
    """What is said to it; None where a vCenter has to be asked.

    Args:
        command: one that changes nothing.
        person: who asks.
        watch: what is known of actions.
    """
    match command.arguments:
        case Topic(verb):
            return guide(verb)
        case Said(text):
            return wording.answer(text or "echo")
        case Reference(None):
            return _latest(person, watch)
        case Reference(str(id_)):
            return _one(id_, person, watch)
    return None


def _one(id_: str, person: str, watch: Watch) -> Wording:
    """Of somebody else's command no more is said than that it is not one's own."""
    known = watch.get(id_)
    if known is None or known.person != person:
        return wording.answer(f"No command {id_} of yours is known{yet(watch)}.")
    return wording.answer(f"Command {id_} is {known.step}.", str(known))


def _latest(person: str, watch: Watch) -> Wording:
    own = watch.latest(lambda known: known.person == person, LATEST)
    if not own:
        return wording.answer(f"No command of yours is known{yet(watch)}.")
    return wording.answer("Your latest commands, the newest first.", "\n".join(map(str, own)))


def yet(watch: Watch) -> str:
    """What follows where something is not known: whether it may be in a moment."""
    return "" if watch.ready else " yet: what was done is still being read, ask again in a moment"
