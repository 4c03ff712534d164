r"""Patterns of ``LIKE``: ``%`` any characters, ``_`` one character, ``\%`` and ``\_`` those characters themselves.

Source of the rules: CESQL 1.0 §3.4.3. A backslash before anything else is a character like any other.

Between its ``%`` a pattern consists of segments. The first one and the last one have their place; each of those between
is searched behind the one before it, and its first occurrence is as good as any later one: nothing is ever tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeAlias

Matches: TypeAlias = Callable[[str], bool]

_PIECE: Final = re.compile(r"\\[%_]|.", re.DOTALL)
_FEW_STEPS: Final = 4096


def pattern(text: str) -> Matches:
    """The test for ``text``; its time is linear in the string that it looks at, times the pattern's length / 64."""
    segments = _segments(text)
    if len(segments) == 1:
        return segments[0].equals
    first, *between, last = segments
    if not any(between) and first.plain and last.plain:
        return _around(first.text, last.text)
    return _parts(first, [segment for segment in between if segment], last)


def _around(prefix: str, suffix: str) -> Matches:
    if not suffix:
        return lambda value: value.startswith(prefix)
    if not prefix:
        return lambda value: value.endswith(suffix)
    shortest = len(prefix) + len(suffix)
    return lambda value: len(value) >= shortest and value.startswith(prefix) and value.endswith(suffix)


def _parts(first: _Segment, between: list[_Segment], last: _Segment) -> Matches:
    prefix, suffix = len(first), len(last)
    shortest = prefix + sum(map(len, between)) + suffix
    searched = [(segment.find, len(segment)) for segment in between]

    def matches(value: str) -> bool:
        start, end = prefix, len(value) - suffix
        if len(value) < shortest or not (first.stands(value, 0) and last.stands(value, end)):
            return False
        for find, length in searched:
            found = find(value, start, end)
            if found < 0:
                return False
            start = found + length
        return True

    return matches


def _segments(text: str) -> list[_Segment]:
    segments: list[list[str | None]] = [[]]
    for piece in _PIECE.findall(text):
        if piece == "%":
            segments.append([])
        else:
            segments[-1].append(None if piece == "_" else piece[-1])
    return [_Segment(characters) for characters in segments]


class _Segment:
    """Characters in a row; None is any character."""

    def __init__(self, characters: list[str | None]) -> None:
        self._length = len(characters)
        self.plain = None not in characters
        self.text = "".join(character or "" for character in characters)
        known = [index for index, character in enumerate(characters) if character is not None]
        # Any characters at the ends only move the place of what is searched between them.
        self._before = known[0] if known else self._length
        self._behind = self._length - 1 - known[-1] if known else 0
        self._core = characters[self._before : self._length - self._behind]
        self._core_is_plain = None not in self._core
        self._regex = re.compile("".join("." if c is None else re.escape(c) for c in self._core), re.DOTALL)
        self._runs = _runs(characters)

    def __len__(self) -> int:
        return self._length

    def equals(self, value: str) -> bool:
        """Whether ``value`` is this segment and nothing else."""
        return value == self.text if self.plain else len(value) == self._length and self.stands(value, 0)

    def stands(self, value: str, start: int) -> bool:
        """Whether it stands in ``value`` at ``start``; there must be room."""
        for offset, run in self._runs:  # noqa: SIM110 - a generator would take twice the time
            if not value.startswith(run, start + offset):
                return False
        return True

    def find(self, value: str, start: int, end: int) -> int:
        """Where it first occurs, all of it in ``value[start:end]``; -1 when it does not."""
        start, end = start + self._before, end - self._behind
        room = end - start
        if room < len(self._core):
            return -1
        if self._core_is_plain:
            found = value.find(self.text, start, end)
        elif room * len(self._core) <= _FEW_STEPS:
            match = self._regex.search(value, start, end)
            found = match.start() if match else -1
        else:
            found = self._shift_and(value, start, end)
        return found - self._before if found >= 0 else -1

    def _shift_and(self, value: str, start: int, end: int) -> int:
        """Bit-parallel search (Baeza-Yates and Gonnet): bit i says that the first i + 1 characters fit up to here."""
        fits, anything = self._masks
        complete, state = 1 << len(self._core) - 1, 0
        for index in range(start, end):
            state = (state << 1 | 1) & fits.get(value[index], anything)
            if state & complete:
                return index - len(self._core) + 1
        return -1

    @cached_property
    def _masks(self) -> tuple[dict[str, int], int]:
        anything = sum(1 << index for index, character in enumerate(self._core) if character is None)
        fits: dict[str, int] = {}
        for index, character in enumerate(self._core):
            if character is not None:
                fits[character] = fits.get(character, anything) | 1 << index
        return fits, anything


def _runs(characters: list[str | None]) -> list[tuple[int, str]]:
    runs: list[tuple[int, str]] = []
    for index, character in enumerate(characters):
        if character is None:
            continue
        if runs and runs[-1][0] + len(runs[-1][1]) == index:
            runs[-1] = runs[-1][0], runs[-1][1] + character
        else:
            runs.append((index, character))
    return runs
