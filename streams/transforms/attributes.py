"""Which context attributes a transform may write, and what becomes of an event when it does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schemas.templates.unfit import Unfit

if TYPE_CHECKING:
    from schemas.templates.template import Template
    from streams.transforms.step import Given

FIXED: Final = {
    "id": "it says which event this is",
    "source": "it says which event this is",
    "specversion": "it says how the event is read",
    "partitionkey": "it keeps the events of one entity in order",
    "data": "no attribute can be called so",
}
"""Attributes that no transform changes, and why."""

REQUIRED: Final = frozenset({"type"})

_NAME = re.compile(r"[a-z0-9]+")


def refusal(name: str, *, removes: bool) -> tuple[str, str] | None:
    """What is wrong with writing or removing an attribute, and the cure; None when it may be done."""
    if not _NAME.fullmatch(name):
        return "is not the name of an attribute", "use a-z and 0-9"
    if name in FIXED or name.startswith("reflexarc"):
        return f"cannot be changed: {FIXED.get(name, 'it is our own')}", "leave it out, or write another attribute"
    if removes and name in REQUIRED:
        return "cannot be removed: every event has one", "write a template for it"
    return None


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute gets what a template gives, or goes.

    Attributes:
        name: of the attribute.
        template: None removes it.
    """

    name: str
    template: Template | None

    def value(self, given: Given) -> str | None:
        """Its new value for one event; None removes it.

        Raises:
            Unfit: the template cannot be rendered for this event, or gives nothing.
        """
        if self.template is None:
            return None
        text = self.template.render(*given)
        if not text:
            raise Unfit("is empty; null removes an attribute from every event")
        return text
