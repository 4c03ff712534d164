"""How many machines somebody may have."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere.session import Session
from schemas.config import KafkaConfig
from streams.commanding.known import Known
from streams.commanding.quota import UNHEARD, Quota, Wanted
from streams.commanding.targets import Targets
from streams.commanding.watch import Watch
from tests.support.machine import machine_of_its_own, reconfigure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack

NOW = 1_900_000_000.0


class Counter:
    """A quota, what it knows, and somebody who has nothing yet."""

    def __init__(self, targets: Targets) -> None:
        self.now = NOW
        self.person = f"anna-{uuid.uuid4().hex[:8]}"
        self.watch = Watch(KafkaConfig.model_validate({"bootstrap": "127.0.0.1:1"}), group="g")
        self.quota = Quota(targets, self.watch, clock=lambda: self.now)

    async def ask(self, name: str, most: int, id_: str = "") -> str | None:
        """Why it is not made."""
        return await self.quota.refusal(Wanted(id_ or name, self.person, "vc1", name), most)

    def happened(self, name: str, step: str, verb: str = "spawn", vcenter: str = "vc1") -> None:
        """The audit has told of it."""
        self.watch.hear(Known(name, step, "2026-01-01T00:00:00Z", "create", name, vcenter, self.person, verb, ""))


@pytest.fixture
async def counter(vcenters: dict[str, VcenterConfig]) -> AsyncIterator[Counter]:
    targets = Targets({"vc1": vcenters["vc1"]})
    yield Counter(targets)
    await targets.close()


@pytest.fixture
def machine(vcenters: dict[str, VcenterConfig]) -> Iterator[Target]:
    with Session(vcenters["vc1"]) as session, machine_of_its_own(session) as machine:
        yield machine


def own(machine: Target, owner: str) -> None:
    reconfigure(machine, extraConfig=[vim.option.OptionValue(key="reflexarc.owner", value=owner)])


async def test_who_has_as_many_as_may_be_is_told_the_numbers(counter: Counter, machine: Target) -> None:
    own(machine, counter.person)
    assert "you have 1 of 1 machines in vc1; put one away first" == await counter.ask("web", 1)
    assert await counter.ask("web", 2) is None


async def test_machines_of_others_do_not_count(counter: Counter, machine: Target) -> None:
    own(machine, f"{counter.person}-2")
    assert await counter.ask("web", 1) is None


async def test_what_is_asked_for_again_is_let_through(counter: Counter, machine: Target) -> None:
    own(machine, counter.person)
    assert await counter.ask(machine.name.upper(), 1) is None


async def test_nothing_is_let_through_where_nobody_may_have_any(counter: Counter) -> None:
    assert "you have 0 of 0 machines in vc1; put one away first" == await counter.ask("web", 0)


async def test_those_who_ask_in_the_same_moment_get_no_more_together(counter: Counter) -> None:
    found = await asyncio.gather(*(counter.ask(f"web-{number}", 3) for number in range(8)))
    assert 3 == found.count(None)
    assert "you have 3 of 3 machines in vc1, 3 of them still being made; put one away first" in found


async def test_the_same_command_again_counts_once(counter: Counter) -> None:
    assert [None, None] == [await counter.ask("web", 1, "0") for _ in range(2)]


@pytest.mark.parametrize("step", ["requested", "parked", "approved", "started"])
async def test_what_is_being_made_counts(counter: Counter, step: str) -> None:
    counter.happened("other", step)
    assert "you have 1 of 1 machines in vc1, 1 of them" in str(await counter.ask("web", 1))


@pytest.mark.parametrize("step", ["refused", "planned", "failed", "succeeded"])
async def test_what_has_ended_counts_no_longer(counter: Counter, step: str) -> None:
    await counter.ask("other", 1)
    counter.happened("other", step)
    assert await counter.ask("web", 1) is None


async def test_what_is_done_to_others_or_elsewhere_does_not_count(counter: Counter) -> None:
    counter.happened("other", "started", verb="poweron")
    counter.happened("another", "started", vcenter="vc2")
    assert await counter.ask("web", 1) is None


async def test_what_nobody_has_heard_of_is_forgotten_some_time(counter: Counter) -> None:
    await counter.ask("other", 1)
    counter.now += UNHEARD - 1
    assert await counter.ask("web", 1) is not None
    counter.now += 1
    assert await counter.ask("web", 1) is None


async def test_a_machine_that_is_there_and_still_being_made_counts_once(counter: Counter, machine: Target) -> None:
    own(machine, counter.person)
    counter.happened(machine.name, "started")
    assert await counter.ask("web", 2) is None


async def test_while_a_vcenter_is_away_nothing_is_made_there(vcenters: dict[str, VcenterConfig]) -> None:
    targets = Targets({"vc1": vcenters["vc1"].model_copy(update={"url": "https://127.0.0.1:1/sdk"})})
    assert "your machines in vc1 cannot be counted" in str(await Counter(targets).ask("web", 1))
    await targets.close()
