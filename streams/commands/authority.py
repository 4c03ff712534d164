"""Who may what: closed, but for what is granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from schemas.config.commands import CommandsConfig
from schemas.config.commands.verbs import GROUPS
from streams.commands.identities import Identities

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from schemas.config.commands import GrantConfig, PresetConfig

FREE: Final = "help"
"""The one verb that nobody needs a grant for: it only says how words are used."""

_OWNED: Final = frozenset({*GROUPS["power"], *GROUPS["change"], *GROUPS["destroy"]})
"""They are about something that somebody owns, always."""

_PLACED: Final = _OWNED | {*GROUPS["create"], *GROUPS["approve"]}
"""They are about one vCenter, always."""


class Case(NamedTuple):
    """Somebody asks for something.

    Attributes:
        person: who, by ``Identities.person``.
        verb: what.
        vcenter: where; empty where the verb is about none, or about all.
        preset: of a new machine; empty of all else.
        owner: who owns the machine, or has done what is taken back; empty when nobody is known to. None where nothing
            is concerned that anybody owns: then verbs that are always about something are refused to those who may
            them on their own machines only.
        channel: of Slack, ``T…/C…``; empty for who came another way.
    """

    person: str
    verb: str
    vcenter: str = ""
    preset: str = ""
    owner: str | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """What people may.

    Attributes:
        identities: who they are.
        grants: what was granted.
    """

    identities: Identities
    grants: tuple[GrantConfig, ...] = ()

    @classmethod
    def of(cls, config: CommandsConfig | None) -> Authority:
        """That of a configuration; nobody may anything without one."""
        config = config or CommandsConfig()
        return cls(Identities.of(config), config.grants)

    def refusal(self, case: Case) -> str | None:
        """Why somebody may not do something, told to that person alone; None when it is granted.

        One grant has to hold in every respect. What others may is not told. O(grants).
        """
        if case.verb == FREE:
            return None
        names = self.identities.names(case.person)
        if not names:
            return f"You are not named here ({case.person}); an operator names people below commands.people."
        left = tuple(grant for grant in self.grants if not names.isdisjoint(grant.to))
        for holds, missing in _ASKED:
            left = tuple(grant for grant in left if holds(grant, case))
            if not left:
                return missing.format(**case._asdict())
        return None

    def reach(self, case: Case, vcenters: Collection[str]) -> dict[str, Literal["own", "any"]]:
        """Where a question over many machines may look, and at whose: each of ``vcenters`` that is granted."""
        found: dict[str, Literal["own", "any"]] = {}
        for vcenter in vcenters:
            here = case._replace(vcenter=vcenter)
            if self.refusal(here._replace(owner="")) is None:
                found[vcenter] = "any"
            elif self.refusal(here._replace(owner=case.person)) is None:
                found[vcenter] = "own"
        return found

    def owner(self, case: Case) -> str:
        """Whose machine it has to be: the person's own; empty where it may be anybody's."""
        return "" if self.refusal(case._replace(owner="")) is None else case.person

    def presets(self, case: Case, presets: Mapping[str, PresetConfig]) -> dict[str, PresetConfig]:
        """Those of ``presets`` that somebody may make machines by, each in its own vCenter."""
        return {
            name: preset
            for name, preset in presets.items()
            if self.refusal(case._replace(preset=name, vcenter=preset.vcenter)) is None
        }


def _is_of_the_verb(grant: GrantConfig, case: Case) -> bool:
    return case.verb in grant.granted


def _is_of_the_channel(grant: GrantConfig, case: Case) -> bool:
    return grant.channels is None or case.channel in grant.channels


def _is_of_the_vcenter(grant: GrantConfig, case: Case) -> bool:
    if not case.vcenter and case.verb not in _PLACED:
        return True
    return grant.vcenters is None or case.vcenter in grant.vcenters


def _is_of_the_preset(grant: GrantConfig, case: Case) -> bool:
    if case.verb not in GROUPS["create"]:
        return True
    return grant.presets is None or case.preset in grant.presets


def _is_of_the_owner(grant: GrantConfig, case: Case) -> bool:
    if grant.machines == "any" or case.verb in GROUPS["approve"]:
        return True
    return case.verb not in _OWNED if case.owner is None else case.owner == case.person


_ASKED: Final[tuple[tuple[Callable[[GrantConfig, Case], bool], str], ...]] = (
    (_is_of_the_verb, "You ({person}) may not use {verb}: it has not been granted to you."),
    (_is_of_the_channel, "You ({person}) may not use {verb} here: it has been granted to you in other channels only."),
    (
        _is_of_the_vcenter,
        "You ({person}) may not use {verb} in this vCenter: it has been granted to you elsewhere only.",
    ),
    (_is_of_the_preset, "You ({person}) may not use {verb} by this preset: it has been granted to you by others only."),
    (
        _is_of_the_owner,
        "You ({person}) may use {verb} on your own machines only, and this one is not known to be yours.",
    ),
)
"""In this order; each is asked of the grants that all before it have left."""
