"""Steps on the data of one event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson

from schemas.templates.unfit import Unfit
from streams.filters.view import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.templates.fuel import Fuel
    from schemas.templates.template import Template
    from streams.transforms.draft import Draft
    from streams.transforms.keypath import KeyPath


class Given(NamedTuple):
    """What the templates of one event read: the event as it came, whatever earlier steps have done."""

    event: Mapping[str, str]
    data: Any
    fuel: Fuel


class Step(Protocol):
    """One change to the data."""

    @property
    def name(self) -> str:
        """Where it stands below ``transform``: ``constant.Vm.Name``."""
        ...

    def apply(self, draft: Draft, given: Given) -> None:
        """Change the data.

        Raises:
            Unfit: this event cannot be changed so.
        """
        ...


@dataclass(frozen=True, slots=True)
class Pick:
    """Only some places stay."""

    places: tuple[KeyPath, ...]
    name: str = "pick"

    def apply(self, draft: Draft, given: Given) -> None:  # noqa: ARG002 - the contract of a step
        """Keep what is at the places, and nothing else."""
        values = [(place, _at(place, draft.data)) for place in self.places]
        draft.data = {}
        for place, value in values:
            if value is not MISSING:
                draft.put(place, value)


@dataclass(frozen=True, slots=True)
class Rename:
    """Some places move, all at once, so that two may change places."""

    moves: tuple[tuple[KeyPath, KeyPath], ...]
    name: str = "rename"

    def apply(self, draft: Draft, given: Given) -> None:  # noqa: ARG002 - the contract of a step
        """Move every value to its new place."""
        values = [(new, _at(old, draft.data)) for old, new in self.moves]
        for old, _ in self.moves:
            draft.remove(old)
        for new, value in values:
            if value is not MISSING:
                draft.put(new, value)


@dataclass(frozen=True, slots=True)
class Put:
    """One place gets a value, always the same."""

    name: str
    place: KeyPath
    value: Any

    def apply(self, draft: Draft, given: Given) -> None:  # noqa: ARG002 - the contract of a step
        """Write the value."""
        draft.put(self.place, self.value)


@dataclass(frozen=True, slots=True)
class Fill:
    """One place gets the text that a template gives."""

    name: str
    place: KeyPath
    template: Template

    def apply(self, draft: Draft, given: Given) -> None:
        """Write the text."""
        draft.put(self.place, self.template.render(*given))


@dataclass(frozen=True, slots=True)
class Replace:
    """A template gives the whole data."""

    template: Template
    name: str = "data"

    def apply(self, draft: Draft, given: Given) -> None:
        """Take what the template's JSON says."""
        try:
            draft.data = orjson.loads(self.template.render(*given))
        except orjson.JSONDecodeError as error:
            raise Unfit(f"gives no JSON: {error}") from None


def _at(place: KeyPath, data: Any) -> Any:
    value = place.get(data)
    if value is MISSING and not place.optional:
        raise Unfit(f"the data has no {place}; an event that may lack it needs {place}?")
    return value
