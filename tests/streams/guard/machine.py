"""A decider whose life is hard: events, redeliveries, restarts, clocks, answers, outcomes and pauses in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from streams.guard import Guard, Ledger
from tests.streams.guard.asking import NOW, PAUSE, answer, entity, general, host, outcome, request, sink
from tests.streams.guard.model import (
    COOL_DOWN,
    EXPIRES,
    FAILURES,
    MAX_AGE,
    MAX_OFFSET,
    OPEN_FOR,
    RADIUS,
    Approval,
    Model,
)

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision
    from schemas.remediation.entity import Entity
    from schemas.remediation.request import Request

SINKS = {
    "on": sink("power-on", "on"),
    "cut": sink("disconnect-vnic", "cut"),
    "reset": sink("hard-reset", "reset"),
    "free": sink("hard-reset", "free", approval="never", cool_down=0),
    "enter": sink("enter-maintenance", "enter", approval="never"),
    "exit": sink("exit-maintenance", "exit"),
}
MACHINES = (
    entity(1),
    entity(2),
    entity(3),
    entity(4, cluster="domain-c2"),
    entity(5, vcenter="vc2"),
    entity(6, name="db-1"),
    entity(7, tags=("reflexarc/protected",)),
)
HOSTS = (host(1), host(2), host(3, cluster="domain-c2"))
PERSONS = ("cli/anna", "slack/anna", "cli/bob")
REQUESTERS = st.sampled_from(["sink/act", "sink/act", *PERSONS])
USUAL = ("on", "reset", "reset", "cut", "free")
STATES = ("succeeded", "failed", "unknown", "planned", "refused")


def limits(denied: set[str]) -> Guard:
    """The guard of the model's limits."""
    said: dict[str, Any] = {
        "allow": [{"names": ["web-*", "db-*", "esx-*"]}],
        "deny": [{"names": ["db-*", *denied]}],
        "cool_down": COOL_DOWN,
        "max_age": MAX_AGE,
        "max_clock_offset": MAX_OFFSET,
        "approval_expires": EXPIRES,
        "blast_radius": [{"per": per, "actions": most, "within": within} for per, (most, within) in RADIUS.items()],
        "circuit": {"failures": FAILURES, "open_for": OPEN_FOR},
    }
    return Guard(general(**said), SINKS)


def name_of(person: str) -> str:
    """Of somebody, by whatever way he comes."""
    return person.rpartition("/")[2]


class Decider(RuleBasedStateMachine):
    """The role around the guard: what is put into the ledger is stored; what is stored is all that a restart knows."""

    asked: Bundle[Any] = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.model = Model()
        self.guard = limits(set())
        self.stored: dict[str, Decision] = {}
        self.ledger = Ledger()
        self.number = 0

    # What happens

    @rule(target=asked, name=st.sampled_from(USUAL), on=st.sampled_from(MACHINES), requester=REQUESTERS)
    def event(self, name: str, on: Entity, requester: str) -> Request:
        """Something happens, and asks for an action."""
        return self.happen(name, on, requester=requester)

    @rule(target=asked, name=st.sampled_from(["enter", "enter", "exit"]), on=st.sampled_from(HOSTS))
    def event_of_a_host(self, name: str, on: Entity) -> Request:
        """Likewise, of a host."""
        return self.happen(name, on)

    @rule(
        target=asked,
        age=st.sampled_from([0, 50, 100, 101, -10, -11]),
        offset=st.sampled_from([0, 10, -10, 11, None]),
        kind=st.sampled_from(["vcenter", "log", "replayed", "own"]),
        name=st.sampled_from(["on", "cut"]),
    )
    def odd_event(self, age: int, offset: int | None, kind: str, name: str) -> Request:
        """Something happened at another time, by another clock, or not for the first time."""
        return self.happen(name, MACHINES[0], age=age, offset=offset, kind=kind)

    @rule(asked=asked)
    def again(self, asked: Request) -> None:
        """Kafka delivers it once more."""
        self.deliver(asked)

    @rule(asked=asked)
    def die(self, asked: Request) -> None:
        """The process is killed before it has stored a decision: nobody has acted on it."""
        self.guard.decide(asked, self.ledger, self.now, paused=self.pressed)
        self.restart()

    @rule(seconds=st.sampled_from([0, 1, 5, 10, 30, 50, 60]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += seconds

    @rule(seconds=st.sampled_from([100, 200, 86_400, 9 * 86_400]))
    def wait_long(self, seconds: int) -> None:
        """A night passes, or a holiday; then what is old is forgotten."""
        self.now += seconds
        for each in self.ledger.prune(self.now):
            del self.stored[each]
            assert each not in self.model.parked, "forgotten: what is parked"
            del self.model.final[each]

    @precondition(lambda self: self.model.parked)
    @rule(
        number=st.integers(0, 9),
        person=st.sampled_from(["cli/bob", "cli/bob", *PERSONS]),
        approve=st.sampled_from([True, True, True, True, False]),
    )
    def answer(self, number: int, person: str, *, approve: bool) -> None:
        """A person answers something that waits."""
        waiting = [*self.model.parked.values()]
        self.say(waiting[number % len(waiting)][0], person, approve=approve)

    @rule(asked=asked, person=st.sampled_from(PERSONS), approve=st.booleans())
    def stray_answer(self, asked: Request, person: str, *, approve: bool) -> None:
        """A person answers anything, perhaps again."""
        self.say(asked, person, approve=approve)

    @precondition(lambda self: len(self.model.ends) < len(self.model.approvals))
    @rule(number=st.integers(0, 9), state=st.sampled_from(["failed", "failed", "succeeded", *STATES]))
    def end(self, number: int, state: str) -> None:
        """An executor tells how something ended."""
        rest = [each for each in self.model.approvals if each.id not in self.model.ends]
        self.tell(rest[number % len(rest)].request, state)

    @rule(asked=asked, state=st.sampled_from(STATES))
    def stray_end(self, asked: Request, state: str) -> None:
        """An executor tells of anything, perhaps again, perhaps another end."""
        self.tell(asked, state)

    @rule()
    def expire(self) -> None:
        """The decider looks at its clock."""
        over = self.guard.expire(self.ledger, self.now)
        due = {each for each, (_, until) in self.model.parked.items() if until <= self.now}
        assert due == {each.id for each in over}, "expiry: of others than those whose time is over"
        for decision in over:
            assert decision.verdict == "refused", "approval: what nobody has answered"
            del self.model.parked[decision.id]
            self.model.final[decision.id] = decision.verdict
            self.store(decision)

    @rule(paused=st.sampled_from([True, False, False, False, False]))
    def switch(self, *, paused: bool) -> None:
        """Somebody presses the kill switch, or releases it."""
        self.model.paused = paused

    @rule(denied=st.sampled_from(["web-1", "esx-1", "nobody"]))
    def configure(self, denied: str) -> None:
        """The configuration changes, and with it the process."""
        self.model.denied = {denied}
        self.guard = limits({denied})
        self.restart()

    def restart(self) -> None:
        """Another process takes over the partition."""
        self.ledger = Ledger(reversed(self.stored.values()))

    # What must be

    @invariant()
    def knows_what_is_stored(self) -> None:
        """Nothing is remembered that a restart would not find."""
        assert len(self.stored) == len(self.ledger)

    # The role

    @property
    def pressed(self) -> Any:
        """The kill switch."""
        return PAUSE if self.model.paused else None

    def happen(
        self,
        name: str,
        on: Entity,
        *,
        age: int = 0,
        offset: int | None = 0,
        kind: str = "vcenter",
        requester: str = "sink/act",
    ) -> Request:
        """An event, and what comes of it."""
        self.number += 1
        known = None if kind == "log" else offset
        caused: dict[str, Any] = {"time": self.now - age + (known or 0)}
        caused |= {"replayed": kind == "replayed", "own": kind == "own"}
        if kind == "log":
            caused |= {"vcenter": None, "source": "https://logs"}
        asked = request(
            f"e{self.number}",
            on=on,
            caused=caused,
            sink=name,
            action=SINKS[name].action,
            requester=requester,
            clock_offset=None if known is None else float(known),
        )
        self.deliver(asked)
        return asked

    def deliver(self, asked: Request) -> None:
        """A request comes, for the first time or again."""
        decision = self.guard.decide(asked, self.ledger, self.now, paused=self.pressed)
        before = "parked" if asked.id in self.model.parked else self.model.final.get(asked.id)
        if before is not None:
            assert before == decision.verdict, "one decision per id: it was decided anew"
            return
        objections = self.model.objections(asked, self.now)
        if decision.verdict == "refused":
            assert objections, f"refused for nothing: {decision.reason}"
            self.model.final[asked.id] = "refused"
            self.store(decision)
        else:
            self.heard(asked, decision)

    def heard(self, asked: Request, decision: Decision, *, person: str = "") -> None:
        """A decision that is no refusal of a new request."""
        model, again = self.model, bool(person)
        if model.final.get(asked.id) == decision.verdict:
            assert person == decision.approver, "approval: somebody else's answer counts"
            return
        if decision.verdict == "approved":
            broken = model.objections(asked, self.now, again=again)
            assert not broken, f"broken: {', '.join(sorted(broken))}"
        if again:
            waiting = model.parked.pop(asked.id, None)
            assert waiting is not None, "approval: an answer to what is not parked"
            assert self.now < waiting[1], "approval: after its time"
        if decision.verdict == "parked":
            assert model.asks(asked), f"parked for nothing: {decision.reason}"
            broken = model.objections(asked, self.now)
            assert not broken, f"parked in spite of: {', '.join(sorted(broken))}"
            model.parked[asked.id] = (asked, self.now + EXPIRES)
        else:
            model.final[asked.id] = decision.verdict
        if decision.verdict == "approved":
            assert again or not model.asks(asked), "approval: nobody was asked"
            assert name_of(person) != name_of(asked.requester), "approval: of one's own request"
            model.approvals.append(Approval(asked.id, asked, self.now))
        self.store(decision)

    def say(self, asked: Request, person: str, *, approve: bool) -> None:
        """An answer comes."""
        given = answer(asked.id, approve=approve, person=person, scope=asked.scope, at=self.now)
        reply = self.guard.answer(given, self.ledger, self.now, paused=self.pressed)
        if reply.decision is not None:
            self.heard(asked, reply.decision, person=person)
        elif asked.id in self.model.parked and self.now < self.model.parked[asked.id][1] and approve:
            selfish = name_of(person) == name_of(asked.requester)
            assert selfish or self.model.objections(asked, self.now, again=True), f"useless: {reply.refusal}"

    def tell(self, asked: Request, state: Any) -> None:
        """An outcome comes."""
        decision = self.guard.hear(outcome(asked.id, state, at=self.now), self.ledger, self.now)
        if decision is not None:
            assert any(asked.id == each.id for each in self.model.approvals), "outcome: of what was not approved"
            assert asked.id not in self.model.ends, "outcome: heard twice"
            self.model.ends[asked.id] = (state, self.now)
            self.store(decision)

    def store(self, decision: Decision) -> None:
        """As the role does."""
        self.ledger.put(decision)
        self.stored[decision.id] = type(decision).decode(decision.encode())
