"""One person, and the ways that this person comes by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.config.commands.slackplace import SlackPlace
from schemas.config.model import Model
from schemas.config.names import HostLikeName

User = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9@._-]{0,63}$")]


class PersonConfig(Model):
    """Whoever comes by one of these ways is this person."""

    slack: tuple[SlackPlace, ...] = Field((), description="Ids in Slack, with the workspace: T0123ABCD/U0123ABCD.")
    cli: tuple[User, ...] = Field((), description="Names of users of the system, at the command line.")
    groups: tuple[HostLikeName, ...] = Field((), description="Groups that the person belongs to, by any name.")

    @property
    def ways(self) -> dict[str, tuple[str, int]]:
        """Each way, ``slack/T1/U1`` or ``cli/anna``, with its place below the person."""
        slack = {f"slack/{place}": ("slack", at) for at, place in enumerate(self.slack)}
        return slack | {f"cli/{user}": ("cli", at) for at, user in enumerate(self.cli)}
