from __future__ import annotations

import pytest

from ingest.vcenter.decoding import soap
from ingest.vcenter.decoding.spans import CLOSE, Spans, cut
from tests.ingest.vcenter.pages import answer, event, fixture, page

EVENTS = [event("VmPoweredOnEvent"), event("EventEx"), event("Nothing")]


def spans(body: bytes) -> Spans:
    found = cut(body)
    assert found is not None
    return found


@pytest.mark.parametrize("between", ["", "\n", "\r\n  \t"])
def test_a_page_is_cut_into_its_events(between: str) -> None:
    found = spans(page(between.join(EVENTS)))
    assert [text.encode() for text in EVENTS] == [span + CLOSE for span in found.events]


def test_a_recorded_page_is_cut() -> None:
    assert len(spans(fixture("page_1000_vm_power.xml")).events) == 1000


def test_some_of_the_events_make_a_page_again() -> None:
    assert page(EVENTS[0], EVENTS[2]) == spans(page(*EVENTS)).only([0, 2])


@pytest.mark.parametrize("odd", ["<a><!-- --></a>", "<a><![CDATA[]]></a>", "<a><?b?></a>", "<returnval/>"])
def test_an_event_that_may_end_elsewhere_makes_no_page(odd: str) -> None:
    found = spans(page(EVENTS[0], event("EventEx", odd)))
    assert found.only([0]) is not None
    assert found.only([1]) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        answer('<ReadNextEventsResponse xmlns="urn:vim25"/>'),
        page("<returnval/>"),
        page(*EVENTS)[:-1],
        page(*EVENTS, "<a/>", EVENTS[0]),
        page("<a>", *EVENTS, "</a>"),
        page("<!-- ", *EVENTS, " -->"),
        page(*EVENTS, event("EventEx", "\ufffe")),
        page(*EVENTS, event("EventEx", "root")).replace(b"root", b"\xff"),
        page(*EVENTS).replace(b"urn:vim25", b"urn:other"),
        page(*EVENTS).replace(b"xmlns:xsi", b"xmlns:other").replace(b"xsi:type", b"other:type"),
        page(*EVENTS).replace(b"ReadNextEvents", b"Logout"),
        page(event("EventEx", "x" * 9_000_000)),
        page("<returnval></returnval>" * (soap.MAX_EVENTS + 1)),
    ],
    ids=range(14),
)
def test_what_only_a_parser_can_judge_is_not_cut(body: bytes) -> None:
    assert cut(body) is None
