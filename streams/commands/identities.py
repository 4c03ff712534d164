"""Who somebody is: one person, whichever way they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schemas.config.commands import CommandsConfig

if TYPE_CHECKING:
    from collections.abc import Mapping


def by_slack(team: str, user: str) -> str:
    """The way of a user of Slack, whose id counts in its workspace alone."""
    return f"slack/{team}/{user}"


def by_command_line(user: str) -> str:
    """The way of a user of the system that a command is given on."""
    return f"cli/{user}"


@dataclass(frozen=True, slots=True)
class Identities:
    """Who is who.

    Names of people have no slash, and ways have one: nobody becomes somebody by calling himself so.

    Attributes:
        people: name of a person, by each way that the person comes.
        members: groups of each person.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, config: CommandsConfig | None) -> Identities:
        """Those of a configuration; nobody, without one."""
        people = (config or CommandsConfig()).people
        return cls(
            people={way: name for name, person in people.items() for way in person.ways},
            members={name: frozenset(person.groups) for name, person in people.items()},
        )

    def person(self, way: str) -> str:
        """The name of whoever comes this way; the way itself when nobody is named that does."""
        return self.people.get(way, way)

    def names(self, person: str) -> frozenset[str]:
        """What a grant may call a person: the own name, and those of the groups; of who is not named, nothing."""
        groups = self.members.get(person)
        return frozenset() if groups is None else groups | {person}
