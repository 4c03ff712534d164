"""Who may ask for what; without a grant nobody may ask for anything."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from schemas.config.commands.slackplace import SlackPlace
from schemas.config.commands.verbs import GROUPS, GrantedVerb
from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.names import VcenterName


def _somebody(name: str) -> str:
    if name == "*":
        raise Fault("grants it to everybody", "name people or groups; who shall have it is one of them")
    return name


def _something(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise Fault("names nothing", "name one, or remove the line")
    return names


_Somebody = Annotated[str, AfterValidator(_somebody)]


class GrantConfig(Model):
    """What some people may; grants add up, none takes away."""

    to: Annotated[tuple[_Somebody, ...], AfterValidator(_something)] = Field(description="People and groups, by name.")
    verbs: Annotated[tuple[GrantedVerb, ...], AfterValidator(_something)] = Field(
        description=f"Verbs, or groups of them: {', '.join(GROUPS)}."
    )
    vcenters: Annotated[tuple[VcenterName, ...], AfterValidator(_something)] | None = Field(
        None, description="vCenters that it holds in; default: all."
    )
    presets: Annotated[tuple[str, ...], AfterValidator(_something)] | None = Field(
        None, description="Presets that new machines may be made by; default: all."
    )
    machines: Literal["own", "any"] = Field("own", description="Whether it holds for machines of others, too.")
    channels: Annotated[tuple[SlackPlace, ...], AfterValidator(_something)] | None = Field(
        None, description="Channels of Slack, as T…/C…, that it holds in; default: wherever it is asked."
    )

    @property
    def granted(self) -> frozenset[str]:
        """Every verb that it is about."""
        return frozenset(verb for name in self.verbs for verb in GROUPS.get(name, (name,)))
