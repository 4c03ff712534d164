"""Where a transform reads and writes: dotted keys into JSON objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from streams.filters.view import MISSING

DEEPEST: Final = 16


@dataclass(frozen=True, slots=True)
class KeyPath:
    """One place in the data.

    Attributes:
        keys: names of members, outermost first; at least one.
        optional: whether an event may lack it.
    """

    keys: tuple[str, ...]
    optional: bool = False

    @classmethod
    def of(cls, text: str) -> KeyPath:
        """The place that ``Vm.Name`` spells; ``Vm.Name?`` is an optional one.

        Raises:
            ValueError: it spells none; the message says why.
        """
        spelled = text.removesuffix("?")
        keys = tuple(spelled.split("."))
        if not all(keys):
            raise ValueError("has a key without a name")
        if len(keys) > DEEPEST:
            raise ValueError(f"has more than {DEEPEST} keys")
        return cls(keys, optional=text.endswith("?"))

    def get(self, data: Any) -> Any:
        """The value there; ``MISSING`` where there is none."""
        for key in self.keys:
            if not isinstance(data, dict) or key not in data:
                return MISSING
            data = data[key]
        return data

    def holds(self, other: KeyPath) -> bool:
        """Whether ``other`` is this place or lies inside it."""
        return other.keys[: len(self.keys)] == self.keys

    def __str__(self) -> str:
        return ".".join(self.keys)
