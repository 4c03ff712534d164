"""What the parts of ``commands`` say of each other, checked across them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config.names import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from schemas.config.commands.commands import CommandsConfig
    from schemas.config.document import Path as At

Finding = tuple["At", str, str]


def faults(config: CommandsConfig) -> Iterator[Finding]:
    """What is wrong across the parts: the path below ``commands``, what, cure."""
    yield from _ways(config)
    yield from _groups(config)
    yield from _grants(config)
    yield from _defaults(config)
    yield from _sizes(config)


def _ways(config: CommandsConfig) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for name, person in config.people.items():
        for way, (key, at) in person.ways.items():
            if (other := owners.setdefault(way, name)) != name:
                what = f"is {other} as well as {name}"
                yield (
                    ("people", name, key, at),
                    what,
                    f"remove it at {other} or here: a way is one person's",
                )


def _groups(config: CommandsConfig) -> Iterator[Finding]:
    for name, person in config.people.items():
        for at, group in enumerate(person.groups):
            if group in config.people:
                yield ("people", name, "groups", at), f"{group} is a person", "give the group another name"


def _grants(config: CommandsConfig) -> Iterator[Finding]:
    groups = {group for person in config.people.values() for group in person.groups}
    known = {*config.people, *groups}
    for at, grant in enumerate(config.grants):
        for where, what in _unknown(grant.to, known, "person and no group", "name somebody below people:"):
            yield ("grants", at, "to", where), *what
        for where, what in _unknown(grant.presets or (), config.presets, "preset", "define it below presets:"):
            yield ("grants", at, "presets", where), *what


def _defaults(config: CommandsConfig) -> Iterator[Finding]:
    owners: dict[tuple[str, str], str] = {}
    for name, preset in config.presets.items():
        given = {key: getattr(preset.default_of, key) for key in type(preset.default_of).model_fields}
        for key, values in given.items():
            for at, value in enumerate(values):
                if (other := owners.setdefault((key, value), name)) != name:
                    yield ("presets", name, "default_of", key, at), f"has the default {other} already", "choose one"
        for at, what in _unknown(given["people"], config.people, "person", "name somebody below people:"):
            yield ("presets", name, "default_of", "people", at), *what


def _sizes(config: CommandsConfig) -> Iterator[Finding]:
    for name in config.sizes:
        if not name[0].isalpha():
            yield ("sizes", name), "looks like a number", "begin its name with a letter"
    parts = (("sizes", config.sizes), ("presets", config.presets))
    for section, name, part in ((section, name, part) for section, given in parts for name, part in given.items()):
        for key in ("cpus", "memory", "max_cpus", "max_memory"):
            most = f"max_{key.removeprefix('max_')}"
            if (getattr(part, key, None) or 0) > getattr(config, most):
                yield (section, name, key), f"is more than commands.{most}", f"write less, or raise commands.{most}"


def _unknown(
    names: Iterable[str], known: Collection[str], kind: str, none: str
) -> Iterator[tuple[int, tuple[str, str]]]:
    for at, name in enumerate(names):
        if name not in known:
            yield at, (f"no {kind} is called {name}", suggestion(name, known, none=none))
