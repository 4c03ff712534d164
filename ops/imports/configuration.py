"""What comes out of an import: a configuration of ours, as commented YAML and as data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from ops.imports.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BOOTSTRAP: Final = "localhost:9092"
MARK: Final = "not translated: "

_LONGEST: Final = 400
_WIDE: Final = 100_000
_NUMBERS: Final = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_UNSEEN: Final = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")


class _Dumper(yaml.SafeDumper):
    """Quotes every text that YAML 1.2 reads as a number, too; no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """What cannot be seen is escaped, and never breaks a line."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if text.isprintable() else '"')


_Dumper.add_representer(str, _text)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBERS, list("-+.0123456789"))


@dataclass(slots=True)
class Configuration:
    """Parts by name, in the order of the original.

    Attributes:
        origin: what was imported, in words: ``a RouterConfig (…)``.
        general: what is said about the whole; its settings stay empty.
        vcenters: by name.
        webhook: the HTTP door, if the original has one.
        routes: each with its ``name`` among the settings.
        sinks: by name.
    """

    origin: str
    general: Part = field(default_factory=lambda: Part({}))
    vcenters: dict[str, Part] = field(default_factory=dict)
    webhook: Part | None = None
    routes: list[Part] = field(default_factory=list)
    sinks: dict[str, Part] = field(default_factory=dict)

    @property
    def parts(self) -> list[Part]:
        """Every part, in the order of the output."""
        door = [self.webhook] if self.webhook else []
        return [self.general, *self.vcenters.values(), *door, *self.routes, *self.sinks.values()]

    def data(self) -> dict[str, Any]:
        """The configuration without its comments."""
        data: dict[str, Any] = {"kafka": {"bootstrap": BOOTSTRAP}}
        data["vcenters"] = {name: part.settings for name, part in self.vcenters.items() if part.active}
        if self.webhook is not None:
            data["webhook"] = self.webhook.settings
        data["routes"] = [part.settings for part in self.routes if part.active]
        data["sinks"] = {name: part.settings for name, part in self.sinks.items() if part.active}
        return {key: value for key, value in data.items() if value}

    def text(self) -> str:
        """The whole as YAML; what it holds as data is what ``data`` gives."""
        return "\n".join(_file(self)) + "\n"

    def summary(self) -> str:
        """How much was translated, and how much was not, in one line."""
        count = sum(len(part.points) for part in self.parts)
        counts = [
            _counted(len(self.vcenters), "vCenter"),
            "a webhook" if self.webhook else "",
            _counted(sum(part.active for part in self.routes), "route"),
            _counted(sum(part.active for part in self.sinks.values()), "sink"),
        ]
        lost = f"{_counted(count, 'point')} not translated, marked in the output" if count else "nothing is left out"
        return f"{self.origin}: {', '.join(filter(None, counts)) or 'nothing to route'}; {lost}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}" if number else ""


def _file(configuration: Configuration) -> Iterator[str]:
    yield _comment(f"Made by `reflexarc import` from {configuration.origin}.")
    yield _comment(f'"{MARK.strip()}" marks what the original says and this file does not, or not so.')
    yield from _said(configuration.general)
    yield ""
    yield "kafka:"
    yield f"  bootstrap: {BOOTSTRAP}  # the original has no Kafka: write your brokers"
    for title, parts in (("vcenters", configuration.vcenters), ("sinks", configuration.sinks)):
        if title == "sinks":
            yield from _door(configuration.webhook)
            yield from _routes(configuration.routes)
        if parts:
            yield from ("", f"{title}:")
        for name, part in parts.items():
            lines = [*_dumped({name: part.settings}), *_indented(_switched_off(part))]
            yield from _indented([*_said(part), *(lines if part.active else _commented_out(lines))])


def _door(part: Part | None) -> Iterator[str]:
    if part is not None:
        yield from ("", *_said(part), *_dumped({"webhook": part.settings}), *_indented(_switched_off(part)))


def _routes(parts: list[Part]) -> Iterator[str]:
    if parts:
        yield from ("", "routes:")
    for part in parts:
        lines = [*_dumped([part.settings]), *_indented(_switched_off(part))]
        yield from _indented([*_said(part), *(lines if part.active else _commented_out(lines))])


def _said(part: Part) -> Iterator[str]:
    yield from (_comment(f"{MARK}{point}") for point in part.points)
    yield from map(_comment, part.remarks)


def _switched_off(part: Part) -> list[str]:
    return _commented_out(_dumped(part.off)) if part.off else []


def _dumped(data: Any) -> list[str]:
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDE, default_flow_style=False)
    return str(text).removesuffix("\n").split("\n")


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _commented_out(lines: Iterable[str]) -> list[str]:
    return [f"#{line}" for line in lines]


def _comment(text: str) -> str:
    """One line, whatever a name in the original holds."""
    line = _UNSEEN.sub("?", " ".join(text.split()))
    return f"# {line if len(line) <= _LONGEST else f'{line[:_LONGEST]}…'}"
