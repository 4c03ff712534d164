"""From a validated ``transform`` to steps: every fault at once, and no event needed to find it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.templates.template import Flawed, Template
from streams.transforms.attributes import Attribute, refusal
from streams.transforms.keypath import KeyPath
from streams.transforms.step import Fill, Pick, Put, Rename, Replace
from streams.transforms.transform import Transform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.config import TransformConfig
    from streams.filters.compilation import At, Compilation
    from streams.transforms.step import Step

MOST: Final = 100
"""Places, values and templates of one transform."""

MOST_TEXT: Final = 8_192
"""Characters of all its templates together."""


def compile_transform(config: TransformConfig, compilation: Compilation, at: At = ("transform",)) -> Transform | None:
    """The transform that ``config`` spells at ``at``; None after adding a fault.

    Cost: about 1 ms per template, once per route and load of the configuration.
    """
    before = len(compilation.found)
    _check_size(config, compilation, at)
    if len(compilation.found) > before:
        return None
    compiler = _Compiler(compilation, at)
    steps, attributes = compiler.steps(config), compiler.attributes(config)
    if not steps and not attributes and len(compilation.found) == before:
        compilation.fault(at, "changes nothing", "write pick, rename, constant, template, data or attributes")
    spelling = compiler.spelling(config)
    return None if len(compilation.found) > before else Transform(spelling, steps, attributes)


def _check_size(config: TransformConfig, compilation: Compilation, at: At) -> None:
    templates = [*(config.template or {}).values(), *filter(None, (config.attributes or {}).values())]
    written = [config.pick or (), config.rename or (), config.constant or (), templates]
    if sum(map(len, written)) > MOST:
        compilation.fault(at, f"has more than {MOST} parts", "pick whole objects, or let a function reshape the event")
    if sum(map(len, [*templates, config.data or ""])) > MOST_TEXT:
        compilation.fault(
            at, f"has more than {MOST_TEXT} characters of templates", "let a function reshape the event instead"
        )


class _Compiler:
    """One pass over one transform."""

    def __init__(self, compilation: Compilation, at: At) -> None:
        self._compilation = compilation
        self._at = at

    def steps(self, config: TransformConfig) -> tuple[Step, ...]:
        if config.data is not None:
            return self._whole(config)
        rename, constant, template = config.rename or {}, config.constant or {}, config.template or {}
        steps: list[Step] = []
        if config.pick is not None:
            steps.append(Pick(tuple(place for _, place in self._places("pick", enumerate(config.pick), optional=True))))
        old = self._places("rename", _own(rename), optional=True)
        new = self._places("rename", rename.items())
        if rename:
            steps.append(Rename(tuple((source, target) for (_, source), (_, target) in zip(old, new, strict=False))))
        constants, templates = self._places("constant", _own(constant)), self._places("template", _own(template))
        self._check_distinct(
            [("rename", *each) for each in new]
            + [("constant", *each) for each in constants]
            + [("template", *each) for each in templates]
        )
        steps += [Put(f"constant.{key}", place, constant[key]) for key, place in constants]
        for key, place in templates:
            if (compiled := self._template(("template", key), template[key])) is not None:
                steps.append(Fill(f"template.{key}", place, compiled))
        return tuple(steps)

    def attributes(self, config: TransformConfig) -> tuple[Attribute, ...]:
        attributes = []
        for name, source in (config.attributes or {}).items():
            at = ("attributes", name)
            if wrong := refusal(name, removes=source is None):
                self._fault(at, *wrong)
            elif source is None:
                attributes.append(Attribute(name, None))
            elif (template := self._template(at, source)) is not None:
                attributes.append(Attribute(name, template))
        return tuple(attributes)

    def spelling(self, config: TransformConfig) -> bytes:
        try:
            return orjson.dumps(config.model_dump(exclude_none=False), option=orjson.OPT_SORT_KEYS)
        except TypeError as error:
            self._fault(("constant",), f"has a value that is no JSON: {error}", "write numbers of at most 64 bits")
            return b""

    def _whole(self, config: TransformConfig) -> tuple[Step, ...]:
        for key in ("pick", "rename", "constant", "template"):
            if getattr(config, key) is not None:
                self._fault((key,), "has no effect with data, which gives the whole data", "remove one of the two")
        template = self._template(("data",), config.data or "", as_json=True)
        return (Replace(template),) if template is not None else ()

    def _places(
        self, key: str, given: Iterable[tuple[str | int, str]], *, optional: bool = False
    ) -> list[tuple[Any, KeyPath]]:
        places: list[tuple[Any, KeyPath]] = []
        for where, text in given:
            try:
                place = KeyPath.of(text)
            except ValueError as error:
                self._fault((key, where), str(error), "write keys with single dots between them: Vm.Name")
                continue
            if place.optional and not optional:
                self._fault((key, where), "is written, so it cannot be optional", "remove the ? at its end")
                continue
            places.append((where, place))
        return places

    def _check_distinct(self, written: list[tuple[str, Any, KeyPath]]) -> None:
        for at, (step, key, place) in enumerate(written):
            for other_step, other_key, other in written[:at]:
                if place.holds(other) or other.holds(place):
                    what = f"writes {place}, and {other_step}.{other_key} writes {other}"
                    self._fault((step, key), what, "write each place once")
                    break

    def _template(self, below: At, source: str, *, as_json: bool = False) -> Template | None:
        try:
            return Template(source, as_json=as_json)
        except Flawed as error:
            for flaw in error.flaws:
                self._fault(below, f"{flaw.what} (line {flaw.line} of it)", flaw.cure)
            return None

    def _fault(self, below: At, what: str, cure: str) -> None:
        self._compilation.fault((*self._at, *below), what, cure)


def _own(given: Mapping[str, Any] | None) -> Iterable[tuple[str, str]]:
    """The keys of a mapping, each as where it stands and what it spells."""
    return [(key, key) for key in given or ()]
