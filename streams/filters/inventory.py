"""Conditions on what the inventory knows of an event's entity: where it lies, what it is tagged with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from schemas.config.units import format_duration
from streams.filters.condition import AllOf, Finding, Needs
from streams.filters.data import TOO_MUCH
from streams.filters.effort import Effort, Exhausted
from streams.filters.operators import compile_leaf
from streams.filters.texts import Texts
from streams.filters.view import MISSING
from streams.filters.words import saw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.config import InventoryConfig
    from streams.filters.compilation import At, Compilation
    from streams.filters.condition import Condition
    from streams.filters.entity import Entity
    from streams.filters.leaf import Leaf
    from streams.filters.view import View

Fact = Literal["folder", "cluster", "resource_pool", "tags", "attributes"]

_WORDS: Final[Mapping[Fact, str]] = {"folder": "lies in", "tags": "is tagged"}


@dataclass(frozen=True, slots=True)
class KnownToBe:
    """One fact about the entity is one of several texts.

    An entity that is not known, or not lately enough, is decided by ``on_unknown``. An event about no entity, such as
    a log-in, does not fit.

    Attributes:
        fact: which one; one of ``folder`` fits when any folder around the entity does, one of ``tags`` when any tag
            of the category does.
        name: the category of the tags, or the attribute; empty for other facts.
        wanted: what it may be.
        max_age: seconds after which knowledge counts as unknown.
        on_unknown: the answer then.
        undecided: the answer for a value in which there is more to look at than ``Effort`` allows.
    """

    fact: Fact
    name: str
    wanted: Texts | Leaf
    max_age: float
    on_unknown: bool
    undecided: bool = False

    @property
    def needs(self) -> Needs:
        """The inventory."""
        return Needs.INVENTORY

    def holds(self, view: View) -> bool:
        """Whether the fact is so, or its ignorance is accepted."""
        known = view.entity
        if known is not None and known.key is None:
            return False
        if self._ignorance(view) is not None or known is None or known.entity is None:
            return self.on_unknown
        try:
            return _fit(self.wanted, _values(known.entity, self.fact, self.name))
        except Exhausted:
            return self.undecided

    def doubt(self, view: View) -> str | None:
        """Why the fact is not known, or that there is more to look at than ``Effort`` allows."""
        known = view.entity
        if known is not None and known.key is None:
            return None
        ignorance = self._ignorance(view)
        if ignorance is not None or known is None or known.entity is None:
            return ignorance
        try:
            _fit(self.wanted, _values(known.entity, self.fact, self.name))
        except Exhausted:
            return TOO_MUCH
        return None

    def finding(self, view: View) -> Finding:
        """What is asked for, and what is known or why nothing is."""
        where = ".".join(filter(None, ("inventory", self.fact, self.name)))
        wanted = f"{_WORDS.get(self.fact, 'is')} {self.wanted}" if isinstance(self.wanted, Texts) else str(self.wanted)
        return Finding(where, wanted, self._saw(view))

    def _saw(self, view: View) -> str:
        known = view.entity
        if known is not None and known.key is None:
            return "the event is about no entity"
        doubt = self.doubt(view)
        if doubt is not None or known is None or known.entity is None:
            return doubt or "nothing"
        if self.fact == "folder":
            return saw(known.entity.folder or MISSING)
        return ", ".join(map(saw, _values(known.entity, self.fact, self.name))) or saw(MISSING)

    def _ignorance(self, view: View) -> str | None:
        """Why the fact is not known; None when it is."""
        known = view.entity
        if known is None:
            return "no inventory is read"
        age = known.tags_age if self.fact == "tags" else known.age
        if known.entity is None:
            return f"nothing is known of {known.key} ({_aged(age)})"
        if age is None or age > self.max_age:
            of = "the tags" if self.fact == "tags" else "what is known"
            return f"{of} of {known.key} may no longer be true ({_aged(age)})"
        if self.fact == "folder" and known.entity.folder is None:
            return f"the folder of {known.key} cannot be seen by the account of the inventory"
        return None


def compile_inventory(given: InventoryConfig, at: At, compilation: Compilation) -> Condition | None:
    """Every key of ``inventory``; all must hold. Each category of tags and each attribute is a condition of its own."""
    parts: list[KnownToBe] = []
    before = len(compilation.found)
    on_unknown = compilation.on_unknown == "match"
    template = KnownToBe("folder", "", Texts(frozenset()), given.max_age, on_unknown, compilation.undecided)

    def add(fact: Fact, texts: Iterable[str], name: str = "") -> None:
        place = (*at, fact, name) if name else (*at, fact)
        parts.append(replace(template, fact=fact, name=name, wanted=Texts.compile(texts, place, compilation)))

    if given.folder is not None:
        add("folder", _paths(given.folder, (*at, "folder"), compilation))
    if given.cluster is not None:
        add("cluster", given.cluster)
    if given.resource_pool is not None:
        add("resource_pool", given.resource_pool)
    for category, tags in (given.tags or {}).items():
        add("tags", tags, category)
    for name, wanted in (given.attributes or {}).items():
        if (leaf := _leaf(wanted, (*at, "attributes", name), compilation)) is not None:
            parts.append(replace(template, fact="attributes", name=name, wanted=leaf))
    if not parts:
        if len(compilation.found) == before:
            cure = "write folder, cluster, resource_pool, tags or attributes below it"
            compilation.fault(at, "asks for nothing", cure)
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _paths(given: Iterable[str], at: At, compilation: Compilation) -> list[str]:
    paths = []
    for text in given:
        if text[0] not in "/*" or text == "/":
            compilation.fault(at, f"{text} is no path of a folder", "begin at the datacenter: /DC0/vm/web")
        else:
            paths.append(text.rstrip("/"))
    return paths


def _leaf(wanted: object, at: At, compilation: Compilation) -> Leaf | None:
    items = wanted if isinstance(wanted, list | tuple) else [wanted]
    if any(not isinstance(item, str | dict) for item in items):
        compilation.fault(at, "is not a text", "write it in quotes: a custom attribute holds text")
        return None
    return compile_leaf(wanted, at, compilation)


def _fit(wanted: Texts | Leaf, values: tuple[str, ...]) -> bool:
    if isinstance(wanted, Texts):
        return any(map(wanted.allow, values))
    return wanted.fits(values, Effort())


def _values(entity: Entity, fact: Fact, name: str) -> tuple[str, ...]:
    match fact:
        case "folder":
            return entity.folders
        case "cluster":
            return () if entity.cluster is None else (entity.cluster,)
        case "resource_pool":
            return () if entity.resource_pool is None else (entity.resource_pool,)
        case "tags":
            return entity.tagged(name)
    value = entity.attribute(name)
    return () if value is None else (value,)


def _aged(age: float | None) -> str:
    return "no inventory yet" if age is None else f"inventory {format_duration(round(age))} old"
