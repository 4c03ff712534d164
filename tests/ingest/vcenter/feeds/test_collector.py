from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.faults import SessionLost, VcenterAway, VsphereFault
from clients.vsphere.session import Session
from ingest.vcenter.feeds import collector as module
from ingest.vcenter.feeds.collector import EventCollector, soap_fault
from ingest.vcenter.feeds.eventtypes import expand
from ingest.vcenter.feeds.feed import Unreadable
from schemas.errors import Refused
from tests.ingest.vcenter.pages import answer
from tests.support.vcenter import post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig
    from schemas.errors import ReflexarcError

ENVELOPE = (
    b"<soapenv:Envelope><soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode>"
    b"<faultstring>The session is not authenticated.</faultstring><detail>%s</detail>"
    b"</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
)


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        (
            b'<NotAuthenticatedFault xmlns="urn:vim25" xsi:type="NotAuthenticated"><a/></NotAuthenticatedFault>',
            SessionLost,
        ),
        (b'\n<Fault xmlns="urn:vim25" xmlns:_X="http://x" _X:type="vim25:NotAuthenticated"></Fault>', SessionLost),
        (b'<Fault xsi:type="ManagedObjectNotFound"><obj type="E">x</obj></Fault>', VsphereFault),
        (b"<Fault xsi:type='NoPermission'/>", Refused),
    ],
)
def test_a_soap_fault_becomes_an_instruction(detail: bytes, expected: type[ReflexarcError]) -> None:
    assert expected is type(soap_fault("vc1", 500, ENVELOPE % detail))


def test_a_fault_keeps_the_servers_sentence() -> None:
    fault = soap_fault("vc1", 500, ENVELOPE % b'<Fault xsi:type="SystemError"/>')
    assert "vCenter vc1: SystemError: The session is not authenticated." == fault.message


@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", ENVELOPE % b""])
def test_an_answer_without_a_fault_is_no_vcenter_speaking(body: bytes) -> None:
    assert VcenterAway is type(soap_fault("vc1", 502, body))


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


@pytest.fixture
def collector(session: Session) -> Iterator[EventCollector]:
    collector = EventCollector(session, begin=session.current_time(), page=100)
    yield collector
    collector.close()


@pytest.mark.stack
def test_it_reads_portion_after_portion_up_to_the_end(session: Session, collector: EventCollector) -> None:
    post(session, [f"read {number}" for number in range(5)])
    portions = [[event.key for event in collector.read(2)] for _ in range(4)]
    assert [2, 2, 1, 0] == [len(portion) for portion in portions]
    keys = [key for portion in portions for key in portion]
    assert sorted(keys) == keys


@pytest.mark.stack
def test_it_begins_where_it_was_told_to(session: Session) -> None:
    post(session, ["before"])
    tomorrow = EventCollector(session, begin=session.current_time() + timedelta(days=1), page=100)
    post(session, ["after"])
    assert ([], []) == (tomorrow.read(10), tomorrow.latest())
    tomorrow.close()


@pytest.mark.stack
def test_the_newest_events_are_seen_without_reading(session: Session, collector: EventCollector) -> None:
    post(session, ["newest"])
    latest = collector.latest()
    assert {event.key for event in collector.read(100)} == {event.key for event in latest}


@pytest.mark.stack
def test_a_page_that_the_decoder_stumbles_over_is_kept_and_the_next_one_read(
    session: Session, collector: EventCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_: bytes) -> None:
        raise TypeError("surprise")

    post(session, ["first", "second"])
    with monkeypatch.context() as patched:
        patched.setattr(module, "decode_page", stumble)
        with pytest.raises(Unreadable, match="surprise") as refusal:
            collector.read(1)
    assert b"first" in refusal.value.body
    assert b"second" in collector.read(1)[0].data


@pytest.mark.stack
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", VcenterAway),
        (b"", VcenterAway),
        (ENVELOPE % b'<Fault xsi:type="NotAuthenticated"/>', SessionLost),
        (answer('<ReadNextEventsResponse xmlns="urn:vim25"><returnval>'), Unreadable),
    ],
)
def test_only_a_damaged_page_of_events_is_unreadable(
    collector: EventCollector, monkeypatch: pytest.MonkeyPatch, body: bytes, expected: type[ReflexarcError]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(module, "post", lambda *_, **__: (200, body))
        for ask in (partial(collector.read, 1), collector.latest):
            with pytest.raises(expected) as error:
                ask()
            assert expected is error.type


@pytest.mark.stack
def test_a_collector_that_was_closed_is_gone(session: Session, collector: EventCollector) -> None:
    collector.close()
    with pytest.raises(VsphereFault) as error:
        collector.read(1)
    assert "ManagedObjectNotFound" == error.value.fault


@pytest.mark.stack
def test_a_terminated_session_is_lost(
    vcenters: dict[str, VcenterConfig], session: Session, collector: EventCollector
) -> None:
    with Session(vcenters["vc1"]) as other:
        other.content.sessionManager.TerminateSession([session.key])
    with pytest.raises(SessionLost):
        collector.read(1)


@pytest.mark.stack
def test_the_filter_on_the_wire_asks_for_full_messages_and_concrete_event_types(
    session: Session, requests: list[bytes]
) -> None:
    types = expand(["VmPoweredOnEvent", "com.vmware.cis.tagging.attach"])
    EventCollector(session, begin=session.current_time(), page=100, event_types=types).close()
    (created,) = [body for body in requests if b"<CreateCollectorForEvents" in body]
    assert b"<disableFullMessage>false</disableFullMessage>" in created
    assert b"<maxCount>100</maxCount>" in created
    asked = [name.decode() for name in re.findall(rb"<eventTypeId>([^<]*)</eventTypeId>", created)]
    assert list(types) == asked
    assert {"VmPoweredOnEvent", "DrsVmPoweredOnEvent", "com.vmware.cis.tagging.attach"} <= {*asked}


@pytest.mark.stack
def test_without_event_types_the_filter_names_none(session: Session, requests: list[bytes]) -> None:
    EventCollector(session, begin=session.current_time(), page=100).close()
    (created,) = [body for body in requests if b"<CreateCollectorForEvents" in body]
    assert b"<disableFullMessage>false</disableFullMessage>" in created
    assert b"eventTypeId" not in created


@pytest.mark.stack
def test_the_latest_page_holds_only_the_event_types_that_were_asked_for(session: Session) -> None:
    collector = EventCollector(session, begin=session.current_time(), page=100, event_types=["VmPoweredOffEvent"])
    post(session, ["another type"])
    assert ([], []) == (collector.latest(), collector.read(100))
    collector.close()
