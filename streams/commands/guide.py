"""What ``help`` says."""

from __future__ import annotations

from typing import Final

from streams.commands import wording
from streams.commands.reading import quoted
from streams.commands.verbs import VERBS

_HOW: Final = (
    "One argument a line, or a single line with quotes around names with blanks. A vCenter and a colon may stand "
    "before a machine's name. `help <verb>` says more."
)


def guide(topic: str | None) -> wording.Wording:
    """How verbs are written: all of them, or one.

    Args:
        topic: the verb; None for all.
    """
    if topic is None:
        return wording.answer(_HOW, "\n".join(line for verb in VERBS.values() for line in verb.usage))
    verb = VERBS.get(topic)
    if verb is None:
        return wording.answer(f"No verb is called {quoted(topic)}. There are {', '.join(VERBS)}.")
    return wording.answer(f"{verb.help} {verb.note}".rstrip(), "\n".join(verb.usage))
