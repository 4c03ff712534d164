"""One word of a command as the value that it stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from schemas.config.fault import Fault
from schemas.config.units import parse_duration
from sinks.vsphere.aim import ByName, by_name
from sinks.vsphere.parameters.scale import MEBIBYTE, MEMORY_STEP, MOST_CPUS, MOST_MEMORY
from streams.commands.words import Wrong

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST_NEW: Final = 80
"""Characters of a new machine's name: vSphere's own limit."""

SHORTEST_LEASE: Final = 3600
LONGEST_LEASE: Final = 366 * 86_400
"""Seconds."""

_ID: Final = re.compile(r"[0-9a-f]{16}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
_ESCAPED: Final = frozenset("/\\%")
"""vSphere keeps these in names as %2f and the like: what was typed would not be found again."""


def machine(word: str, vcenters: Collection[str]) -> ByName:
    """A machine that there is; everything in its name is text, also ``*``, quotes and brackets."""
    return by_name(word, vcenters)


def new(word: str, vcenters: Collection[str]) -> ByName:
    """The name of a machine that is to be made.

    Raises:
        Wrong: no machine can be called so.
    """
    found = by_name(word, vcenters)
    if len(found.name) > LONGEST_NEW:
        raise Wrong(f"A machine's name has at most {LONGEST_NEW} characters.")
    if _ESCAPED & set(found.name):
        raise Wrong("A new machine's name has no '/', '\\' or '%' in it.")
    return found


def text(word: str, vcenters: Collection[str]) -> str:
    """The word itself."""
    del vcenters
    return word


def identifier(word: str, vcenters: Collection[str]) -> str:
    """The id of a command.

    Raises:
        Wrong: it is none.
    """
    del vcenters
    if not _ID.fullmatch(word):
        raise Wrong(f"{quoted(word)} is no id: an id has 16 digits and letters from a to f.")
    return word


def memory(word: str, vcenters: Collection[str]) -> int:
    """MiB.

    Raises:
        Wrong: it is no number, or no machine has so much.
    """
    del vcenters
    most = MOST_MEMORY // MEBIBYTE
    size = _number(word, "memory in MB", most)
    if size % MEMORY_STEP:
        raise Wrong(f"Memory is a multiple of {MEMORY_STEP} MB.")
    return size


def cpus(word: str, vcenters: Collection[str]) -> int:
    """Virtual CPUs.

    Raises:
        Wrong: it is no number, or no machine has so many.
    """
    del vcenters
    return _number(word, "the number of CPUs", MOST_CPUS)


def size(word: str, vcenters: Collection[str]) -> str:
    """The name of a size.

    Raises:
        Wrong: it looks like half of memory and CPUs.
    """
    del vcenters
    if not word[0].isalpha():
        raise Wrong(f"{quoted(word)} is no name of a size; of memory and CPUs both are said, in this order.")
    return word


def lease(word: str, vcenters: Collection[str]) -> int:
    """Seconds.

    Raises:
        Wrong: it is no duration, or an unreasonable one.
    """
    del vcenters
    try:
        seconds = parse_duration(word)
    except Fault:
        raise Wrong(f"{quoted(word)} is no duration; say 12h or 14d.") from None
    if not SHORTEST_LEASE <= seconds <= LONGEST_LEASE:
        raise Wrong("A lease is for 1h at least and 366d at most.")
    return round(seconds)


def quoted(word: str) -> str:
    """A word as it is told again, cut where it is long."""
    return f"'{word}'" if len(word) <= 60 else f"'{word[:60]}…'"


def _number(word: str, what: str, most: int) -> int:
    if not _NUMBER.fullmatch(word):
        raise Wrong(f"{quoted(word)} is not {what}: write a whole number without sign.")
    if int(word) > most:
        raise Wrong(f"{quoted(word)} is more than any machine has: {what} is {most} at most.")
    return int(word)
