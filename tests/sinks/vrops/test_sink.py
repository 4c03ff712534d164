"""Against a stand-in: the sink as the engine sees it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.session import Session
from ops.demo.child import free_port
from schemas.config import VcenterConfig
from schemas.errors import Reject, Retry, Unavailable
from sinks.base import SinkContext
from sinks.vrops import VropsConfig, VropsSink
from sinks.vrops.maintenance import MARK
from tests.sinks.conformance import (
    Case,
    cases,
    delivers_what_is_hard_to_spell,
    spells_the_type_as_the_event_router_when_asked,
)
from tests.sinks.destination import Answer
from tests.sinks.vrops.bench import ENTERED, EXITED, PosingBench, VropsBench, about
from tests.sinks.vrops.standin import UUID

if TYPE_CHECKING:
    from tests.sinks.destination import Received

# An event becomes a state: nothing of it is spelled anywhere but its id.
NOT_HERE = (delivers_what_is_hard_to_spell, spells_the_type_as_the_event_router_when_asked)


@pytest.mark.parametrize("case", cases("http", "login", without=NOT_HERE))
async def test_keeps_the_contract_of_sinks(case: Case, posing: PosingBench) -> None:
    await case(posing)


async def test_a_host_enters_and_leaves_maintenance_once_however_often_it_is_told(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened()

    for subject in (ENTERED, ENTERED, EXITED, EXITED):
        await sink.send(about(machine, subject))

    assert [("PUT", machine.identifier, ""), ("DELETE", machine.identifier, "")] == bench.aria.journal
    assert (["STARTED", "STARTED"], "-") == (machine.states, machine.properties[MARK])
    await sink.close()


async def test_what_takes_effect_later_is_waited_for(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    bench.aria.slow = 3
    sink = await bench.opened()

    await sink.send(about(machine))
    assert ["MAINTAINED_MANUAL"] * 2 == machine.states
    await sink.send(about(machine, EXITED))

    assert ["STARTED", "STARTED"] == machine.states
    await sink.close()


async def test_what_does_not_take_effect_in_time_is_tried_again(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    bench.aria.deaf = True
    sink = await bench.opened(timeout="300ms")

    with pytest.raises(Retry, match="was accepted, and its state is still STARTED"):
        await sink.send(about(machine))

    await sink.close()


async def test_a_maintenance_of_somebody_else_is_left_alone_unless_forced(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example", states=["MAINTAINED_MANUAL"])
    sink = await bench.opened()
    for subject in (ENTERED, EXITED):
        await sink.send(about(machine, subject))
    assert [] == bench.aria.journal
    await sink.close()

    forcing = await bench.opened(force=True)
    await forcing.send(about(machine, EXITED))

    assert ["STARTED"] == machine.states
    await forcing.close()


async def test_another_process_ends_what_this_one_has_begun(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    first = await bench.opened()
    await first.send(about(machine))
    await first.close()

    second = await bench.opened()
    await second.send(about(machine, EXITED))

    assert ["STARTED", "STARTED"] == machine.states
    await second.close()


async def test_ours_is_over_when_somebody_has_ended_it(bench: VropsBench) -> None:
    """What the same person begins afterwards is not ours."""
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened()
    await sink.send(about(machine))
    machine.states = ["STARTED", "STARTED"]
    await sink.send(about(machine, EXITED))
    machine.states = ["MAINTAINED_MANUAL", "STARTED"]

    await sink.send(about(machine, EXITED))

    assert ["PUT"] == [method for method, _, _ in bench.aria.journal]
    await sink.close()


async def test_nothing_begins_that_could_not_be_told_as_ours(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    bench.aria.slow = 1000
    sink = await bench.opened(timeout="300ms")

    with pytest.raises(Retry, match="cannot be read yet"):
        await sink.send(about(machine))

    assert 0 == bench.aria.puts
    await sink.close()


async def test_ours_is_over_when_we_have_ended_it(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened()
    for subject in (ENTERED, EXITED):
        await sink.send(about(machine, subject))
    machine.states = ["MAINTAINED_MANUAL"]

    await sink.send(about(machine, EXITED))

    assert ["MAINTAINED_MANUAL"] == machine.states
    await sink.close()


async def test_what_ends_by_itself_is_left_alone_even_with_our_mark(bench: VropsBench) -> None:
    """A schedule of Aria Operations, on a host whose exit we have never heard of."""
    machine = bench.aria.add("host-1", "esx1.example", states=["MAINTAINED"])
    machine.properties[MARK] = "https://vc1.example/sdk#vc1/i1/1"
    sink = await bench.opened()
    await sink.send(about(machine, EXITED))
    assert [] == bench.aria.journal
    await sink.close()

    forcing = await bench.opened(force=True)
    await forcing.send(about(machine, EXITED))

    assert (["STARTED"], "-") == (machine.states, machine.properties[MARK])
    await forcing.close()


async def test_a_kill_between_mark_and_change_costs_nothing(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    machine.properties[MARK] = "https://vc1.example/sdk#vc1/i1/1"
    sink = await bench.opened()

    for subject in (ENTERED, EXITED):
        await sink.send(about(machine, subject))

    assert ["PUT", "DELETE"] == [method for method, _, _ in bench.aria.journal]
    await sink.close()


async def test_a_refused_change_leaves_no_mark(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    bench.answer(400)
    sink = await bench.opened()

    with pytest.raises(Reject, match="the change was answered 400"):
        await sink.send(about(machine))
    machine.states = ["MAINTAINED_MANUAL"]
    await sink.send(about(machine, EXITED))

    assert ([], ["MAINTAINED_MANUAL"]) == (bench.aria.journal, machine.states)
    await sink.close()


async def test_a_host_that_no_adapter_watches_is_no_fault_of_the_answer(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example", states=[])
    sink = await bench.opened()

    await sink.send(about(machine, EXITED))

    assert [] == bench.aria.journal
    await sink.close()


@pytest.mark.parametrize(
    ("given", "query"), [({"duration": "90m"}, "duration=90"), ({"end": "{data.Until}"}, "end=1893452400000")]
)
async def test_maintenance_may_end_by_itself_and_then_nobody_ends_it(
    bench: VropsBench, given: dict[str, str], query: str
) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened(**given)

    for subject in (ENTERED, EXITED):
        await sink.send(about(machine, subject))

    assert [("PUT", machine.identifier, query)] == bench.aria.journal
    assert (["MAINTAINED"] * 2, None) == (machine.states, machine.properties.get(MARK))
    await sink.close()


async def test_a_host_is_known_by_its_identity_and_not_by_its_name(bench: VropsBench) -> None:
    elsewhere = bench.aria.add("host-1", "esx1.example", vcenter="00000000-0000-0000-0000-000000000000")
    longer = bench.aria.add("host-11", "esx1.example.org")
    meant = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened()

    await sink.send(about(meant))

    assert [meant.identifier] == [identifier for _, identifier, _ in bench.aria.journal]
    assert ["STARTED"] * 4 == elsewhere.states + longer.states
    await sink.close()


async def test_none_or_several_of_that_identity_are_refused_by_name(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    other = bench.aria.add("host-2", "esx1.example.org", vcenter="00000000-0000-0000-0000-000000000000")
    sink = await bench.opened()
    with pytest.raises(Reject, match=r"by that name there are esx1\.example\.org \(host-2 of vCenter 0000"):
        await sink.send(about(other))
    bench.aria.add("host-1", "esx1.example")

    with pytest.raises(Reject, match=r"^2 hosts of Aria Operations are esx1\.example \(vc1/host-1\)"):
        await sink.send(about(machine))

    assert 0 == bench.aria.puts
    await sink.close()


async def test_every_page_of_a_long_list_is_looked_at(bench: VropsBench) -> None:
    for number in range(1000):
        bench.aria.add(f"host-{number}", f"esx{number}.example")
    last = bench.aria.add("host-last", "esx.example")
    sink = await bench.opened()

    await sink.send(about(last, data=about(last).data.replace(b"esx.example", b"esx")))

    assert [last.identifier] == [identifier for _, identifier, _ in bench.aria.journal]
    await sink.close()


async def test_a_cut_connection_is_looked_behind_and_nothing_done_twice(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened(timeout="1s")

    def cut(received: Received) -> Answer:
        answer = bench.aria.handle(received)
        return Answer(hold=asyncio.Event()) if received.method == "PUT" else answer

    bench.destination.answer = cut
    with pytest.raises(Retry):
        await sink.send(about(machine))
    bench.destination.answer = bench.aria.handle

    await sink.send(about(machine))

    assert [("PUT", machine.identifier, "")] == bench.aria.journal
    await sink.close()


async def test_a_token_that_has_expired_is_replaced_once(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened()
    bench.aria.tokens.clear()

    await sink.send(about(machine))

    assert (2, ["MAINTAINED_MANUAL"] * 2) == (bench.aria.acquired, machine.states)
    await sink.close()
    assert (set(), 1) == (bench.aria.tokens, len(bench.aria.released))


async def test_tokens_that_nobody_accepts_are_not_asked_for_with_every_event(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened()
    bench.aria.scheme = "OpsToken"

    for _ in range(3):
        with pytest.raises(Retry, match="401 Unauthorized: The provided token is not valid") as caught:
            await sink.send(about(machine))
        assert "401" == caught.value.status

    assert 2 == bench.aria.acquired
    await sink.close()


async def test_the_token_is_announced_as_configured_and_released_once(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    bench.aria.scheme = "OpsToken"
    sink = await bench.opened(token_scheme="OpsToken", auth_source="corp")

    await sink.send(about(machine))
    await sink.close()
    await sink.close()

    assert (1, 1) == (bench.aria.acquired, len(bench.aria.released))


async def test_a_password_that_is_not_accepted_any_more_makes_it_wait(bench: VropsBench) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened()
    bench.aria.tokens.clear()
    bench.keep_secret("wrong-horse")

    with pytest.raises(Unavailable, match="does not accept the account"):
        await sink.send(about(machine))

    await sink.close()


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"extensions": {}}, "names no vCenter"),
        ({"data": b"text"}, "not JSON"),
        ({"data": b'{"Vm": {}}'}, r"Host\.Host\.Value is no managed object id"),
        ({"data": b'{"Host": {"Host": {"Value": "a/b"}}}'}, r"Host\.Host\.Value is no managed object id"),
        ({"data": b'{"Host": {"Host": {"Value": "host-1"}, "Name": " "}}'}, r"no text at Host\.Name"),
        ({"subject": "HostConnectedEvent"}, "'HostConnectedEvent' is neither"),
        ({"extensions": {"vcenter": "vc9"}}, "'vc9' is not configured"),
    ],
)
async def test_an_event_that_names_no_host_is_refused(
    bench: VropsBench, attributes: dict[str, object], reason: str
) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened()

    with pytest.raises(Reject, match=reason):
        await sink.send(about(machine, **{"subject": ENTERED, **attributes}))

    assert 0 == bench.aria.puts
    await sink.close()


@pytest.mark.parametrize(
    ("until", "reason"), [("tomorrow", "no time in RFC 3339"), ("2020-01-01T00:00:00Z", "is over")]
)
async def test_an_end_that_is_none_is_refused(bench: VropsBench, until: str, reason: str) -> None:
    machine = bench.aria.add("host-1", "esx1.example")
    sink = await bench.opened(mode="enter", end="{note}")

    with pytest.raises(Reject, match=reason):
        await sink.send(about(machine, "Any", extensions={"vcenter": "vc1", "note": until}))

    await sink.close()


@pytest.mark.stack
async def test_a_vcenter_is_asked_who_it_is_once(bench: VropsBench, vcenters: dict[str, VcenterConfig]) -> None:
    with Session(vcenters["vc1"]) as session:
        machine = bench.aria.add("host-1", "esx1.example", vcenter=str(session.about.instanceUuid))
    config = VropsConfig.model_validate({"name": "bench", **bench.settings(), "instance_uuids": {}})
    context = SinkContext(vcenters=dict(vcenters), http=bench.http)
    sink = VropsSink(config, context)
    await sink.send(about(machine))
    away = vcenters["vc1"].model_copy(update={"url": f"https://127.0.0.1:{free_port()}/sdk"})
    sink._uuids._vcenters = {"vc1": away}

    await sink.send(about(machine, EXITED))

    assert ["PUT", "DELETE"] == [method for method, _, _ in bench.aria.journal]
    await sink.close()


async def test_a_vcenter_that_cannot_say_who_it_is_makes_it_wait(bench: VropsBench) -> None:
    url = f"https://127.0.0.1:{free_port()}/sdk"
    account = {"username": "reflexarc", "password_file": str(bench.secret)}
    away = VcenterConfig.model_validate({"name": "vc1", "url": url, **account})
    config = VropsConfig.model_validate({"name": "bench", **bench.settings(), "instance_uuids": {"vc2": UUID}})
    sink = VropsSink(config, SinkContext(vcenters={"vc1": away}, http=bench.http))

    with pytest.raises(Unavailable, match="vc1 cannot be reached"):
        await sink.send(about(bench.aria.add("host-1", "esx1.example")))

    await sink.close()
