"""From the text that somebody has typed to a command, or to what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.config.names import nearest
from streams.commands import words
from streams.commands.arguments import Arguments, Topic
from streams.commands.reading import quoted
from streams.commands.verbs import VERBS, Verb
from streams.commands.words import Wrong

if TYPE_CHECKING:
    from collections.abc import Collection


class Command(NamedTuple):
    """What somebody asks for.

    Attributes:
        verb: one of ``VERBS``.
        arguments: what stands behind it, read.
    """

    verb: str
    arguments: Arguments

    def __str__(self) -> str:
        """One argument a line: reading it again gives the same command."""
        return "\n".join((self.verb, *self.arguments.words))


class Misuse(NamedTuple):
    """Why a text is no command, and what would be one.

    Attributes:
        text: for who has typed it.
        verb: the one whose arguments are wrong; empty where it is not known.
    """

    text: str
    verb: str = ""


def parse(text: str, vcenters: Collection[str]) -> Command | Misuse:
    """The command of ``text``; never raises. O(n), at most 4,000 characters are looked at.

    Several lines that are not blank hold one argument each; a single line is read as a shell reads it, but for the free
    text at the end of ``echo``, ``approve`` and ``refuse``. The verb is the first word, exactly; no text at all is
    ``help``.

    Args:
        text: as it was typed.
        vcenters: configured names; one of them and a colon may stand before a machine's name.
    """
    try:
        found = _words(text)
    except Wrong as wrong:
        return _misused(VERBS.get(next(iter(text[: words.LONGEST_TEXT].split(None, 1)), "")), wrong)
    if not found:
        return Command("help", Topic())
    verb = VERBS.get(found[0])
    if verb is None:
        return _unknown(found[0])
    try:
        return Command(verb.name, _arguments(verb, words.bounded(found)[1:], vcenters))
    except Wrong as wrong:
        return _misused(verb, wrong)


def _words(text: str) -> list[str]:
    lines = words.lines(text)
    if len(lines) != 1:
        return lines
    (line,) = lines
    verb = VERBS.get(words.head(line, 1)[0])
    return words.head(line, verb.plain) if verb and verb.plain else words.shell(line)


def _arguments(verb: Verb, given: list[str], vcenters: Collection[str]) -> Arguments:
    fitting = [form for form in verb.forms if form.takes(given)]
    if not fitting:
        raise Wrong(f"{verb.name} is not written like this.")
    return fitting[0].read(given, vcenters)


def _misused(verb: Verb | None, wrong: Wrong) -> Misuse:
    return Misuse(f"{wrong} {_right(verb)}", verb.name) if verb else Misuse(str(wrong))


def _right(verb: Verb) -> str:
    note = f"{verb.note} " if verb.note else ""
    return f"{note}Write {' or '.join(f'`{line}`' for line in verb.usage)}."


def _unknown(word: str) -> Misuse:
    begun = word.split(None, 1)[0] if word.strip() else ""
    if begun != word and begun in VERBS:
        return Misuse(f"Of several lines the first holds the verb alone. {_right(VERBS[begun])}", begun)
    close = nearest(word[: words.LONGEST_WORD].casefold(), VERBS)
    hint = f" Did you mean {close}?" if close else ""
    return Misuse(f"ERR - No matching command: {quoted(word)}.{hint} There are {', '.join(VERBS)}.")
