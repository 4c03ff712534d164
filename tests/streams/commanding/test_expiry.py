"""Leases of machines of a simulator: what is asked for, and told, when they end."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
from pyVmomi import vim

from clients.kafka.errors import PublishRejected
from clients.vsphere import ownership
from clients.vsphere.session import Session
from schemas import topics
from schemas.config import KafkaConfig
from schemas.keys import keyring
from schemas.remediation.request import Request
from streams.commanding.expiry import Expiry
from streams.commanding.known import Known
from streams.commanding.targets import Targets
from streams.commanding.watch import Watch
from streams.commands.placement import instant
from tests.sinks.vsphere.actions.preparing import place
from tests.streams.commands.ground import configured
from tests.support.machine import machine_of_its_own, power_off, reconfigure
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack

RING = keyring([b"k" * 32])
END = 1_900_000_000.0
DAY = 86_400.0
PEOPLE: dict[str, Any] = {"anna": {"slack": ["T1A/U1A", "T2A/U2A"]}, "ben": {}}


class Look:
    """What is looked at, and what has come of it.

    Attributes:
        now: the clock, seconds since 1970.
        watch: what is known of actions.
        published: what was.
        expiry: what looks.
    """

    def __init__(self, targets: Targets) -> None:
        self.now = END - 3 * DAY
        self.watch = Watch(KafkaConfig.model_validate({"bootstrap": "127.0.0.1:1"}), group="g")
        self.watch._ready.set()
        self.published = RecordingPublisher()
        self._targets = targets
        self.expiry = self.another()

    def another(self, **said: Any) -> Expiry:
        """One more worker."""
        return Expiry(
            "p",
            configured(people=PEOPLE).model_copy(update={"replies": "chat", **said}),
            cast("Any", self.published),
            ring=lambda: RING,
            targets=self._targets,
            watch=self.watch,
            clock=lambda: self.now,
        )

    async def at(self, now: float) -> None:
        """Look at that time."""
        self.now = now
        await self.expiry.look()

    def requests(self) -> list[Request]:
        """What was asked for."""
        topic = topics.requests("p")
        return [Request.decode(each.value or b"") for each in self.published.records if each.topic == topic]

    def told(self, topic: str) -> list[dict[str, Any]]:
        """What was said there."""
        return [json.loads(each.value or b"") for each in self.published.records if each.topic == topic]

    def chat(self) -> list[dict[str, Any]]:
        """What people were told."""
        return self.told(topics.sink("p", "chat"))

    def audit(self) -> list[dict[str, Any]]:
        """What the audit was."""
        return self.told(topics.audit("p"))

    def happened(self, id_: str, step: str, at: float) -> None:
        """The audit has told the watch of it."""
        self.watch.hear(Known(id_, step, datetime.fromtimestamp(at, UTC).isoformat(), "", "", "", "", "", ""))


@pytest.fixture
async def look(vcenters: dict[str, VcenterConfig]) -> AsyncIterator[Look]:
    targets = Targets({"vc1": vcenters["vc1"]})
    yield Look(targets)
    await targets.close()


@pytest.fixture
def machine(vcenters: dict[str, VcenterConfig]) -> Iterator[Target]:
    with Session(vcenters["vc1"]) as session, machine_of_its_own(session) as machine:
        yield machine


def own(machine: Target, owner: str = "anna", lease: str = instant(END)) -> None:
    given = {ownership.OWNER: owner, ownership.LEASE: lease}
    reconfigure(machine, extraConfig=[vim.option.OptionValue(key=key, value=value) for key, value in given.items()])


async def test_the_owner_is_warned_in_private_and_once(look: Look, machine: Target) -> None:
    own(machine)
    await look.at(END - 2 * DAY - 1)
    assert [] == look.chat()
    await look.at(END - 2 * DAY)
    await look.at(END - DAY)
    (said,) = look.chat()
    assert f"VM {machine.name} in vc1: its lease ends {instant(END)}" in said["text"]
    assert ("T1A", "U1A", "", "person") == (said["team"], said["user"], said["channel"], said["visible"])
    assert [""] == [each["reason"] for each in look.audit()]
    assert [] == look.requests()


async def test_another_worker_learns_from_the_audit_that_it_was_told(look: Look, machine: Target) -> None:
    own(machine)
    await look.at(END - DAY)
    look.happened(look.audit()[0]["actionId"], "warned", END - DAY)
    await look.another().look()
    assert 1 == len(look.chat())


async def test_before_the_audit_was_read_nothing_is_told(look: Look, machine: Target) -> None:
    own(machine)
    look.watch._ready.clear()
    await look.at(END - DAY)
    assert [] == look.published.records


@pytest.mark.parametrize("owner", ["ben", "carl", ""])
async def test_where_nobody_can_be_told_the_audit_hears_of_it_and_it_goes_on(
    look: Look, machine: Target, owner: str
) -> None:
    own(machine, owner)
    await look.at(END - DAY)
    assert ([f"nobody called {owner or '-'} can be told: see commands.people and replies"], []) == (
        [each["reason"] for each in look.audit()],
        look.chat(),
    )
    await look.at(END)
    assert ["power-off"] == [each.action for each in look.requests()]


async def test_at_the_end_it_is_powered_off_and_then_put_away(look: Look, machine: Target) -> None:
    own(machine)
    await look.at(END)
    (end,) = look.requests()
    end.believe(RING)
    assert ("command/lease-end", "power-off", machine.moref) == (end.sink, end.action, end.entity and end.entity.moref)
    assert {"lease": instant(END), "until": instant(END + 3 * DAY)} == end.cause.data
    power_off(machine)
    await look.at(END + 3 * DAY - 1)
    await look.at(END + 3 * DAY)
    (_, away) = look.requests()
    expected = {"mark": away.id, "owner": "anna", "lease": instant(END), "path": place(machine)}
    assert ("quarantine", expected | {"folder": "reflexarc-quarantine"}) == (away.action, away.parameters)
    assert away.later is not None
    assert ("purge", away.id, 14 * DAY, "Datastore") == (
        away.later.action,
        away.later.parameters["mark"],
        away.later.after,
        away.later.entity.kind,
    )
    assert away.later.parameters["path"].startswith(f"[LocalDS_0] reflexarc-quarantine/{away.id}-")


async def test_two_workers_ask_for_the_same(look: Look, machine: Target) -> None:
    """What is asked for again is decided on once: by its id."""
    own(machine)
    await look.at(END)
    await look.another().look()
    (one, other) = look.requests()
    assert one.id == other.id


async def test_it_is_asked_for_once_a_day_and_a_day_after_the_last_time(look: Look, machine: Target) -> None:
    own(machine)
    await look.at(END)
    await look.at(END + DAY - 1)
    look.happened(look.requests()[0].id, "failed", END + DAY - 1)
    await look.at(END + DAY)
    assert 1 == len(look.requests())
    await look.at(END + 2 * DAY - 1)
    assert 2 == len({each.id for each in look.requests()})


async def test_a_longer_lease_starts_anew(look: Look, machine: Target) -> None:
    own(machine)
    await look.at(END - DAY)
    own(machine, lease=instant(END + 5 * DAY))
    await look.at(END)
    assert [] == look.requests()
    await look.at(END + 4 * DAY)
    assert 2 == len(look.chat())


async def test_what_is_no_instant_and_who_is_a_template_is_left_alone(
    look: Look, machine: Target, caplog: pytest.LogCaptureFixture
) -> None:
    own(machine, lease="for good")
    await look.at(END)
    assert "has a lease that is no instant: it is left alone" in caplog.text
    own(machine)
    power_off(machine)
    machine.reference.MarkAsTemplate()
    await look.at(END)
    assert [] == look.published.records


async def test_what_was_not_published_is_tried_again(look: Look, machine: Target) -> None:
    own(machine)
    look.published.fail(PublishRejected("too large", cure=""))
    await look.at(END)
    assert [] == look.requests()
    await look.at(END)
    assert 1 == len(look.requests())


async def test_a_vcenter_that_is_away_is_skipped(
    vcenters: dict[str, VcenterConfig], machine: Target, caplog: pytest.LogCaptureFixture
) -> None:
    own(machine)
    away = vcenters["vc2"].model_copy(update={"url": "https://127.0.0.1:1/sdk"})
    targets = Targets({"vc2": away, "vc1": vcenters["vc1"]})
    look = Look(targets)
    await asyncio.wait_for(look.at(END), 30)
    await targets.close()
    assert 1 == len(look.requests())
    assert "leases in vc2 are not looked at" in caplog.text


MARK = "0123456789abcdef"


def made(machine: Target, owner: str = "anna") -> None:
    """As a command has made it."""
    own(machine, owner)
    reconfigure(machine, extraConfig=[vim.option.OptionValue(key=ownership.ACTION, value=MARK)])


async def test_a_new_machine_is_given_the_tag_of_its_owner_once(look: Look, machine: Target) -> None:
    made(machine)
    look.happened(MARK, "succeeded", look.now)
    worker = look.another(owner_tags="owner")
    await worker.look()
    await worker.look()
    (asked,) = look.requests()
    asked.believe(RING)
    assert ("command/owner-tag", "tag", machine.moref) == (
        asked.sink,
        asked.action,
        asked.entity and asked.entity.moref,
    )
    assert {"category": "owner", "tag": "anna", "attached": True, "kind": "VirtualMachine"} == asked.parameters
    look.happened(asked.id, "refused", look.now)
    await look.another(owner_tags="owner").look()
    assert 1 == len(look.requests())


@pytest.mark.parametrize(
    ("step", "owner", "category"),
    [("started", "anna", "owner"), ("succeeded", "", "owner"), ("succeeded", "anna", None)],
)
async def test_no_other_machine_is_tagged(
    look: Look, machine: Target, step: str, owner: str, category: str | None
) -> None:
    """None that is still being made, that is nobody's, or where nobody wants tags."""
    made(machine, owner)
    look.happened(MARK, step, look.now)
    await look.another(owner_tags=category).look()
    assert [] == look.requests()


async def test_a_machine_that_was_made_long_ago_or_by_hand_is_left_alone(look: Look, machine: Target) -> None:
    made(machine)
    await look.another(owner_tags="owner").look()
    assert [] == look.requests()
