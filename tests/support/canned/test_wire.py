"""Strict where the documentation of the vSphere API is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim, vmodl

from clients.vsphere import properties
from clients.vsphere.faults import SessionLost, VcenterAway, VsphereFault, translated
from clients.vsphere.session import Session
from schemas.errors import Refused
from tests.support.canned.client import Canned
from tests.support.canned.vcenter import MAX_COLLECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator

HISTORY = 300
Filter = vim.event.EventFilterSpec


@pytest.fixture(scope="module", params=[False, True], ids=["http", "https"])
def canned(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Canned]:
    folder = tmp_path_factory.mktemp("canned")
    with Canned(folder, ["vc1", "vc2"], "--history", str(HISTORY), "--pages", "power", tls=request.param) as canned:
        yield canned


@pytest.fixture
def session(canned: Canned) -> Iterator[Session]:
    with Session(canned.configs()["vc1"]) as session:
        yield session


def collect(session: Session, **fields: Any) -> Any:
    with translated(session.name):
        return session.content.eventManager.CreateCollectorForEvents(Filter(**fields))


def test_a_collector_reads_all_that_the_list_has(canned: Canned) -> None:
    with Session(canned.configs()["vc2"]) as session:
        lately = Filter.ByTime(beginTime=session.current_time() - timedelta(hours=1))
        collector = collect(session, time=lately, maxCount=10)
        found = [event for limit in (250, 1000, 1000) for event in collector.ReadNextEvents(limit)]
        held = canned.events("vc2")
        assert [event.key for event in held] == [event.key for event in found]
        assert {event.key for event in held[-10:]} == {
            event.key for event in properties.read(session, collector, ["latestPage"])["latestPage"]
        }
        assert abs(session.current_time() - datetime.now(UTC)) < timedelta(minutes=1)


def test_every_vcenter_is_a_server_of_its_own(canned: Canned) -> None:
    with Session(canned.configs()["vc1"]) as one, Session(canned.configs()["vc2"]) as other:
        assert one.about.instanceUuid != other.about.instanceUuid


def test_a_log_in_is_an_event_that_names_its_session(canned: Canned, session: Session) -> None:
    logins = [event for event in canned.events("vc1") if event.name == "UserLoginSessionEvent"]
    assert session.key == logins[-1].own


@pytest.mark.parametrize("limit", [0, 1001])
def test_no_more_than_a_thousand_events_are_given_at_once(session: Session, limit: int) -> None:
    with pytest.raises(vmodl.fault.InvalidArgument):
        collect(session).ReadNextEvents(limit)
    with pytest.raises(VsphereFault, match="InvalidArgument"):
        collect(session, maxCount=1001)


def test_a_collector_belongs_to_its_session(canned: Canned, session: Session) -> None:
    collector = collect(session)
    with Session(canned.configs()["vc1"]) as other, pytest.raises(vmodl.fault.ManagedObjectNotFound):
        vim.event.EventHistoryCollector(collector._moId, other.stub).ReadNextEvents(1)


def test_a_session_has_so_many_collectors_and_no_more(session: Session) -> None:
    collectors = [collect(session) for _ in range(MAX_COLLECTORS)]
    with pytest.raises(VsphereFault, match="Too many"):
        collect(session)
    collectors[0].DestroyCollector()
    collect(session)


def test_only_the_named_classes_pass_and_no_class_stands_for_those_below_it(session: Session) -> None:
    found = collect(session, eventTypeId=["VmPoweredOnEvent"]).ReadNextEvents(1000)
    assert {"VmPoweredOnEvent"} == {each._wsdlName for each in found}
    assert 0 == len(collect(session, eventTypeId=["VmEvent"]).ReadNextEvents(1000))


@pytest.mark.parametrize(("fields", "expected"), [({}, False), ({"disableFullMessage": False}, True)])
def test_messages_come_only_when_they_are_asked_for(
    session: Session, fields: dict[str, bool], *, expected: bool
) -> None:
    (event,) = collect(session, **fields).ReadNextEvents(1)
    assert expected is bool(event.fullFormattedMessage)


def test_a_filter_that_is_not_canned_is_refused(session: Session) -> None:
    with pytest.raises(VsphereFault, match="userName"):
        collect(session, userName=Filter.ByUsername(systemUser=False))


def test_a_terminated_session_is_lost_and_its_collector_is_gone(canned: Canned, session: Session) -> None:
    collector = collect(session)
    canned.tell("vc1", "terminate")
    with pytest.raises(SessionLost), translated("vc1"):
        collector.ReadNextEvents(1)
    session.login()
    with pytest.raises(VsphereFault) as error, translated("vc1"):
        collector.ReadNextEvents(1)
    assert "ManagedObjectNotFound" == error.value.fault


def test_every_password_can_be_made_wrong(canned: Canned) -> None:
    canned.tell("vc1", "refuse", logins=True)
    with pytest.raises(Refused, match="password"), Session(canned.configs()["vc1"]):
        pytest.fail("let in")
    canned.tell("vc1", "refuse", logins=False)


def test_a_proxy_can_stand_in_and_silence_can_fall(canned: Canned, session: Session) -> None:
    canned.tell("vc1", "stand-in", status=503, body="away", seconds=60)
    with pytest.raises(VcenterAway):
        session.current_time()
    canned.tell("vc1", "stand-in", status=503, body="", seconds=0)
    canned.tell("vc1", "hang", seconds=60)
    hasty = canned.configs()["vc1"].model_copy(update={"timeout": 0.2})
    with pytest.raises(VcenterAway), Session(hasty):
        pytest.fail("answered")
    assert 0 < canned.tell("vc1", "hang", seconds=0)["troubled"]
