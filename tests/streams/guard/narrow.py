"""The same hard life, of which only a part is lived: what is rare is found sooner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.streams.guard.machine import MACHINES, Decider

if TYPE_CHECKING:
    from schemas.remediation.entity import Entity
    from schemas.remediation.request import Request


class Desk(Decider):
    """A person who approves, and what may change meanwhile."""

    event_of_a_host = odd_event = die = again = stray_answer = stray_end = expire = wait_long = None  # type: ignore[assignment]

    @rule(target=Decider.asked, name=st.sampled_from(["reset", "reset", "free"]), on=st.sampled_from(MACHINES[:3]))
    def event(self, name: str, on: Entity) -> Request:
        """Something happens, and asks for what a person has to agree to, or for the same without one."""
        return self.happen(name, on)


class Failing(Desk):
    """Everything that a person approves fails."""

    configure = switch = None  # type: ignore[assignment]

    @rule(target=Decider.asked, on=st.sampled_from(MACHINES[:3]))
    def event(self, on: Entity) -> Request:
        """Something happens, and asks for what a person has to agree to."""
        return self.happen("reset", on)

    @rule(seconds=st.sampled_from([0, 1, 5]))
    def wait(self, seconds: int) -> None:
        """Not much time passes."""
        self.now += seconds

    @precondition(lambda self: len(self.model.ends) < len(self.model.approvals))
    @rule()
    def end(self) -> None:
        """An executor tells of a failure."""
        self.tell(next(each.request for each in self.model.approvals if each.id not in self.model.ends), "failed")


class Hosts(Decider):
    """Hosts enter and exit maintenance, and stay there for long."""

    event = odd_event = die = answer = stray_answer = expire = switch = None  # type: ignore[assignment]
