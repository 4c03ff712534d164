"""Knative's filters as our ``match``: the same dialects, over types that are spelled otherwise on our Kafka.

The event router gave every vCenter event one of three types, ``com.vmware.event.router/`` and its class. On our topics
they have the types of VSphereSource, ``com.vmware.vsphere.<Name>.v0``, and the class is the extension ``eventclass``:
conditions on the one are written as conditions on the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ops.imports.trigger_keys import FilterKeys, SpecKeys

ROUTER: Final = "com.vmware.event.router/"
VSPHERE: Final = "com.vmware.vsphere."
CLASSES: Final = ("event", "eventex", "extendedevent")

Match = dict[str, Any]


class Filters:
    """One trigger's filters on their way.

    Attributes:
        router: whether one of them asks for a type of the event router.
        vsphere: whether one of them asks for a type of VSphereSource.
        subject: whether one of them asks for a subject.
    """

    def __init__(self, lost: Callable[[tuple[str | int, ...], str], None]) -> None:
        self._lost = lost
        self.router = False
        self.vsphere = False
        self.subject = False

    def match(self, spec: SpecKeys) -> Match:
        """What the trigger asks for; empty when it takes every event. ``filters`` overrides ``filter``."""
        if spec.filters:
            items = [self._filter(each, ("spec", "filters", at)) for at, each in enumerate(spec.filters)]
            return items[0] if len(items) == 1 else {"all": items}
        attributes = (spec.filter.attributes if spec.filter else None) or {}
        asked = {name: value for name, value in attributes.items() if value}  # "" stands for any value
        return self._texts("exact", asked, ("spec", "filter", "attributes")) if asked else {}

    def _filter(self, keys: FilterKeys, at: tuple[str | int, ...]) -> Match:
        (dialect,) = keys.given()
        below = (*at, dialect)
        match dialect:
            case "not" if keys.not_ is not None:
                return {"not": self._filter(keys.not_, below)}
            case "all" | "any":
                return {dialect: [self._filter(each, (*below, n)) for n, each in enumerate(getattr(keys, dialect))]}
            case "cesql":
                return self._cesql(str(keys.cesql), below)
            case _:
                return self._texts(dialect, getattr(keys, dialect), below)

    def _texts(self, dialect: str, given: Mapping[str, str], at: tuple[str | int, ...]) -> Match:
        self._warn(given, at)
        asked = given.get("type")
        if asked is None:
            return {dialect: dict(given)}
        rest = {name: value for name, value in given.items() if name != "type"}
        instead = self._type(dialect, asked)
        if not rest:
            return instead
        if set(instead) == {dialect} and not set(instead[dialect]) & set(rest):
            return {dialect: {**instead[dialect], **rest}}
        return {"all": [instead, {dialect: rest}]}

    def _type(self, dialect: str, asked: str) -> Match:
        """A condition on the type, as it has to be on our topics."""
        self.vsphere |= asked.startswith(VSPHERE)
        if dialect == "exact":
            eventclass = asked.removeprefix(ROUTER)
            if eventclass in CLASSES and eventclass != asked:
                self.router = True
                return {"exact": {"eventclass": eventclass}}
        elif dialect == "prefix" and not VSPHERE.startswith(asked) and _fits(str.startswith, asked):
            self.router = True
            if ROUTER.startswith(asked):
                return {"prefix": {"type": VSPHERE}}
            return _any({"exact": {"eventclass": name}} for name in _fits(str.startswith, asked))
        elif dialect == "suffix" and _fits(str.endswith, asked):
            self.router = True
            return _any({"exact": {"eventclass": name}} for name in _fits(str.endswith, asked))
        return {dialect: {"type": asked}}

    def _cesql(self, expression: str, at: tuple[str | int, ...]) -> Match:
        if ROUTER in expression:
            self.router = True
            self._lost(
                at,
                f"compares with a type {ROUTER}…, which no event has on our topics: ask for eventclass "
                f"({', '.join(CLASSES)}) instead",
            )
        self.vsphere |= VSPHERE in expression
        return {"cesql": expression}

    def _warn(self, given: Mapping[str, str], at: tuple[str | int, ...]) -> None:
        self.subject |= "subject" in given
        if "id" in given:
            self._lost((*at, "id"), "ids are made otherwise: <vCenter>/<incarnation>/<event key>")
        if str(given.get("type", "")).startswith((f"{ROUTER}horizon.", "com.vmware.horizon.")):
            self._lost((*at, "type"), "there is no source for Horizon; the route waits for events that others post")


def _fits(test: Callable[[str, str], bool], asked: str) -> list[str]:
    """Classes whose type of the event router fits."""
    return [name for name in CLASSES if test(f"{ROUTER}{name}", asked)]


def _any(items: Iterable[Match]) -> Match:
    listed = list(items)
    return listed[0] if len(listed) == 1 else {"any": listed}
