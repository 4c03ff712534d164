from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ingest.vcenter import VcenterEvent, decode_page
from ingest.vcenter.decoding.decode import Decoder
from ingest.vcenter.decoding.naming import PASCAL
from ingest.vcenter.decoding.unknowns import UNKNOWNS, Unknowns
from tests.ingest.vcenter.pages import BASE, answer, event, fixture, page

if TYPE_CHECKING:
    from ingest.vcenter.decoding.naming import Spelling

REFERENCES = {
    "vm": '<vm><name>v</name><vm type="VirtualMachine">vm-1</vm></vm>',
    "host": '<host><name>h</name><host type="HostSystem">host-1</host></host>',
    "computeResource": (
        "<computeResource><name>c</name>"
        '<computeResource type="ClusterComputeResource">domain-c1</computeResource></computeResource>'
    ),
    "ds": '<ds><name>d</name><datastore type="Datastore">datastore-1</datastore></ds>',
    "net": '<net><name>n</name><network type="Network">network-1</network></net>',
    "dvs": '<dvs><name>s</name><dvs type="VmwareDistributedVirtualSwitch">dvs-1</dvs></dvs>',
    "datacenter": '<datacenter><name>dc</name><datacenter type="Datacenter">datacenter-1</datacenter></datacenter>',
}
BY_PRECISION = ["vm-1", "host-1", "domain-c1", "datastore-1", "network-1", "dvs-1", "datacenter-1"]
ALARM = '<entity><name>e</name><entity type="Folder">group-1</entity></entity>'


def only(body: bytes) -> VcenterEvent:
    (decoded,) = decode_page(body)
    return decoded


def test_an_event_carries_what_the_tail_needs_beside_its_body() -> None:
    decoded = only(page(event("VmPoweredOnEvent", REFERENCES["vm"] + "<template>false</template>")))
    assert (7, 6, "VmPoweredOnEvent", "event", "2026-11-20T09:37:25.12Z", "vm-1") == decoded[:6]
    assert json.loads(decoded.data)["CreatedTime"] == "2026-11-20T09:37:25.12Z"


def test_the_body_is_pascal_unless_camel_is_asked_for() -> None:
    (decoded,) = decode_page(page(event("VmPoweredOnEvent", REFERENCES["vm"])), naming="camel")
    expected = {
        "key": 7,
        "chainId": 6,
        "createdTime": "2026-11-20T09:37:25.12Z",
        "userName": "root",
        "vm": {"name": "v", "vm": {"type": "VirtualMachine", "value": "vm-1"}},
        "template": False,
    }
    assert list(expected.items()) == list(json.loads(decoded.data).items())
    assert decoded.entity == "vm-1"


@pytest.mark.parametrize(
    ("cls", "name", "eventclass"),
    [
        ("EventEx", "com.vmware.cis.tagging.attach", "eventex"),
        ("ExtendedEvent", "com.vmware.cis.tagging.attach", "extendedevent"),
        ("ResourceExhaustionStatusChangedEvent", "ResourceExhaustionStatusChangedEvent", "event"),
    ],
)
def test_only_eventex_and_extendedevent_are_named_by_their_event_type_id(cls: str, name: str, eventclass: str) -> None:
    decoded = only(page(event(cls, "<eventTypeId>com.vmware.cis.tagging.attach</eventTypeId>")))
    assert (name, eventclass) == (decoded.name, decoded.eventclass)


@pytest.mark.parametrize("rest", ["", "<eventTypeId/>", "<eventTypeId><a/></eventTypeId>"])
def test_an_eventex_without_event_type_id_is_named_by_its_class(rest: str) -> None:
    assert only(page(event("EventEx", rest)))[2:4] == ("EventEx", "eventex")


def test_a_prefix_before_the_class_is_no_part_of_the_name() -> None:
    assert only(page(event("vim25:VmPoweredOnEvent"))).name == "VmPoweredOnEvent"


@pytest.mark.parametrize("index", range(len(BY_PRECISION)))
def test_the_entity_is_the_most_specific_one(index: int) -> None:
    present = "".join(reversed(list(REFERENCES.values())[index:]))
    assert BY_PRECISION[index] == only(page(event("EventEx", present))).entity


def test_an_alarm_is_about_its_own_entity_unless_a_more_specific_one_is_there() -> None:
    assert only(page(event("AlarmStatusChangedEvent", ALARM))).entity == "group-1"
    assert only(page(event("AlarmStatusChangedEvent", ALARM + REFERENCES["host"]))).entity == "host-1"


def test_an_event_about_nothing_has_no_entity() -> None:
    assert only(page(event("UserLoginSessionEvent"))).entity is None


def test_an_empty_reference_is_no_entity() -> None:
    empty = '<vm><name>v</name><vm type="VirtualMachine"/></vm>'
    assert only(page(event("VmPoweredOnEvent", empty + REFERENCES["host"]))).entity == "host-1"


def test_a_negative_key_is_kept() -> None:
    base = BASE.replace("<key>7</key>", "<key>-2147483648</key>")
    assert only(page(event("VmPoweredOnEvent", base=base))).key == -2147483648


def test_an_event_without_its_base_properties_has_gos_zero_values() -> None:
    decoded = only(page(event("VmPoweredOnEvent", base="")))
    assert (0, 0, "VmPoweredOnEvent", "event", "0001-01-01T00:00:00Z", None) == decoded[:6]


def test_garbled_numbers_and_times_stay_in_the_body_and_count_as_absent_beside_it() -> None:
    base = BASE.replace(">7<", ">seven<").replace("2026-11-20", "2026-02-30")
    unknowns = Unknowns()
    (decoded,) = Decoder(PASCAL, unknowns).page(page(event("Event", base=base)))
    assert (0, "0001-01-01T00:00:00Z") == (decoded.key, decoded.created_time)
    body = json.loads(decoded.data)
    assert ("seven", "2026-02-30T09:37:25.120Z") == (body["Key"], body["CreatedTime"])
    assert {("value", "Event.key"): 1, ("value", "Event.createdTime"): 1} == unknowns.names()


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize(
    "key", ["", "<key/>", "<key>seven</key>", "<key><a>7</a></key>", "<key>99999999999999999999</key>"]
)
def test_an_event_whose_key_cannot_be_read_brings_its_markup_and_costs_no_neighbour(key: str, naming: Spelling) -> None:
    base = BASE.replace("<key>7</key>", key)
    before, keyless, after = decode_page(
        page(
            event("Event"), event("Event", "<fullFormattedMessage>ü</fullFormattedMessage>", base=base), event("Event")
        ),
        naming=naming,
    )
    assert ([(7, None)] * 2, 0) == ([(each.key, each.markup) for each in (before, after)], keyless.key)
    (again,) = decode_page(page((keyless.markup or b"").decode()), naming=naming)
    assert keyless == again
    assert key in again.markup.decode().replace(' xmlns="urn:vim25"', "")


def test_a_text_in_place_of_an_event_brings_its_markup() -> None:
    assert b">nonsense</returnval>" in (only(page('<returnval xsi:type="Event">nonsense</returnval>')).markup or b"")


@pytest.mark.parametrize("zero", ["0", "-0", " 000 "])
def test_a_key_that_rolled_over_to_zero_is_a_key(zero: str) -> None:
    decoded = only(page(event("Event", base=BASE.replace(">7<", f">{zero}<"))))
    assert (0, None) == (decoded.key, decoded.markup)


def test_an_event_of_a_known_shape_whose_key_cannot_be_read_brings_its_markup() -> None:
    decoder = Decoder(PASCAL, Unknowns())
    for _ in range(3):
        decoder.page(page(event("VmPoweredOnEvent")))
    (decoded,) = decoder.page(page(event("VmPoweredOnEvent", base=BASE.replace(">7<", ">seven<"))))
    assert b">seven<" in (decoded.markup or b"")


@pytest.mark.parametrize("naming", ["pascal", "camel"])
def test_properties_come_in_declared_order_whatever_the_order_of_elements(naming: Spelling) -> None:
    shuffled = "<template>true</template>" + REFERENCES["vm"]
    straight = REFERENCES["vm"] + "<template>true</template>"
    one, other = decode_page(
        page(event("VmPoweredOnEvent", shuffled), event("VmPoweredOnEvent", straight)), naming=naming
    )
    assert one.data == other.data


def test_properties_younger_than_the_event_router_are_left_out_without_being_counted() -> None:
    unknowns = Unknowns()
    (decoded,) = Decoder(PASCAL, unknowns).page(page(event("VmPoweredOnEvent", "<auditId>a</auditId>")))
    assert "AuditId" not in json.loads(decoded.data)
    assert {} == unknowns.names()


def test_what_a_page_holds_of_the_unknown_is_counted_for_the_process() -> None:
    before = UNKNOWNS.totals().get("event", 0)
    decode_page(page(event("PodStartedEvent")))
    assert before + 1 == UNKNOWNS.totals()["event"]


def test_an_answer_of_read_previous_events_is_a_page() -> None:
    body = page(event("VmPoweredOnEvent")).replace(b"ReadNextEvents", b"ReadPreviousEvents")
    assert [7] == [decoded.key for decoded in decode_page(body)]


def latest(events: str) -> str:
    return (
        '<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects>'
        '<obj type="EventHistoryCollector">session[1]2</obj>'
        '<propSet><name>filter</name><val xsi:type="EventFilterSpec"/></propSet>'
        f'<propSet><name>latestPage</name><val xsi:type="ArrayOfEvent">{events}</val></propSet>'
        "</objects></returnval></RetrievePropertiesExResponse>"
    )


def test_the_latest_page_is_a_page() -> None:
    events = "".join(event(cls, tag="Event") for cls in ("VmPoweredOnEvent", "VmPoweredOffEvent"))
    decoded = decode_page(answer(latest(events)))
    assert ["VmPoweredOnEvent", "VmPoweredOffEvent"] == [found.name for found in decoded]


@pytest.mark.parametrize("content", ['<ReadNextEventsResponse xmlns="urn:vim25"/>', latest("")])
def test_an_empty_page_has_no_events(content: str) -> None:
    assert [] == decode_page(answer(content))


def test_a_soap_header_is_no_part_of_the_page() -> None:
    body = page(event("VmPoweredOnEvent")).replace(
        b"<soapenv:Body>", b"<soapenv:Header><x/></soapenv:Header><soapenv:Body>"
    )
    assert [7] == [decoded.key for decoded in decode_page(body)]


def test_comments_and_instructions_are_not_content() -> None:
    base = BASE.replace("root", "ro<!-- x -->o<?y?>t")
    assert json.loads(only(page(event("VmPoweredOnEvent", base=base))).data)["UserName"] == "root"


def test_threads_that_meet_a_class_at_the_same_time_read_it_alike() -> None:
    body = fixture("corpus_r1.xml")
    decoder = Decoder(PASCAL, Unknowns())
    with ThreadPoolExecutor(8) as threads:
        pages = list(threads.map(decoder.page, [body] * 8))
    assert [decode_page(body)] * 8 == pages
