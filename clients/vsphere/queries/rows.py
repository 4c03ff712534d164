"""The beginning of a long list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

MOST: Final = 50
"""Rows of one answer."""


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """Some of what was found.

    Attributes:
        rows: the first ``MOST``.
        all: how many there are.
    """

    rows: tuple[T, ...]
    all: int
