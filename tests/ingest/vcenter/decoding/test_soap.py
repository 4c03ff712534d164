"""Pages that are refused as a whole, and what says so."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ingest.vcenter.decoding import soap
from ingest.vcenter.decoding.soap import MAX_BODY, MAX_DEPTH, MAX_EVENTS, MAX_MARKUP, RefusedPage, is_answer
from schemas.errors import ReflexarcError
from tests.ingest.vcenter.pages import answer, event, page

if TYPE_CHECKING:
    from pathlib import Path

EVENT = event("VmPoweredOnEvent")
ENVELOPE_DEPTH = 4  # envelope, body, answer, event


def refused(body: bytes) -> RefusedPage:
    with pytest.raises(RefusedPage) as caught:
        soap.events(body)
    return caught.value


def with_doctype(doctype: str, content: str = EVENT) -> bytes:
    return page(content).replace(b"<soapenv:Envelope", doctype.encode() + b"<soapenv:Envelope", 1)


def nested(levels: int) -> bytes:
    return page("<returnval>" + "<a>" * levels + "</a>" * levels + "</returnval>")


def test_a_refusal_is_an_error_for_the_operator_that_names_the_bound() -> None:
    refusal = refused(b" " * (MAX_BODY + 1))
    assert isinstance(refusal, ReflexarcError)
    assert refusal.bound == "size"
    assert str(refusal) == f"page of vCenter events refused: {MAX_BODY + 1} bytes, more than {MAX_BODY}"


def test_more_markup_than_memory_should_be_spent_on_is_refused() -> None:
    assert refused(page("<a/>" * (MAX_MARKUP + 1))).bound == "markup"


def test_the_deepest_nesting_allowed_is_read_and_one_more_is_refused() -> None:
    assert len(soap.events(nested(MAX_DEPTH - ENVELOPE_DEPTH))) == 1
    assert refused(nested(MAX_DEPTH - ENVELOPE_DEPTH + 1)).bound == "depth"


def test_nesting_beyond_what_the_parser_reads_is_refused_for_its_depth_too() -> None:
    assert refused(nested(10_000)).bound == "depth"


def test_more_events_than_any_vcenter_sends_are_refused() -> None:
    assert len(soap.events(page("<returnval/>" * MAX_EVENTS))) == MAX_EVENTS
    assert refused(page("<returnval/>" * (MAX_EVENTS + 1))).bound == "events"


@pytest.mark.parametrize("element", ["<a>{}</a>", '<a b="{}"/>', "<{}/>"])
def test_a_huge_text_attribute_or_name_is_refused(element: str) -> None:
    assert refused(page(element.format("x" * 11_000_000))).bound == "text"


def test_a_document_type_is_refused_whatever_it_declares(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))
    for doctype, content in [
        ("<!DOCTYPE x>", EVENT),
        (f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{laughs}]>', "<returnval>&m;</returnval>"),
        (f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{laughs}]>', '<returnval x="&m;"/>'),
        (f'<!DOCTYPE x [<!ENTITY a SYSTEM "{tmp_path.as_uri()}">]>', "<returnval>&a;</returnval>"),
    ]:
        assert refused(with_doctype(doctype, content)).bound == "doctype"


def test_no_file_named_by_a_document_type_is_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # opening it would wait for a writer for ever
    doctype = f'<!DOCTYPE x [<!ENTITY % a SYSTEM "{pipe.as_uri()}"> %a;]>'
    assert refused(with_doctype(doctype)).bound == "doctype"


def test_an_undeclared_entity_is_refused() -> None:
    assert refused(page("<returnval>&nbsp;</returnval>")).bound == "syntax"


def test_every_truncation_is_refused() -> None:
    body = page(
        event("EventEx", '<fault xsi:type="LocalizedMethodFault"><localizedMessage>&lt;é</localizedMessage></fault>')
    )
    for length in range(len(body)):
        assert refused(body[:length]).bound == "syntax"


@pytest.mark.parametrize(
    "body",
    [
        page(EVENT).decode().encode("utf-16"),
        page(EVENT.replace("root", "\x00")),
        page(EVENT).replace(b"root", b"\xff"),
        page(EVENT) + b"<x/>",
    ],
    ids=["utf-16", "control character", "no utf-8", "a second document"],
)
def test_what_is_no_xml_in_utf_8_is_refused(body: bytes) -> None:
    assert refused(body).bound == "syntax"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (answer("<soapenv:Fault><faultstring>no</faultstring></soapenv:Fault>"), "'Fault'"),
        (answer('<LogoutResponse xmlns="urn:vim25"/>'), "'LogoutResponse'"),
        (answer('<RetrievePropertiesExResponse xmlns="urn:vim25"/>'), "no ArrayOfEvent"),
        (answer(""), "not a SOAP answer"),
        (b"<html/>", "not a SOAP answer"),
    ],
)
def test_an_answer_that_is_no_page_is_refused_and_named(body: bytes, what: str) -> None:
    refusal = refused(body)
    assert refusal.bound == "content"
    assert what in str(refusal)


@pytest.mark.parametrize(
    "body",
    [
        page(EVENT),
        page(EVENT)[:-1],
        page("<returnval>&nbsp;<"),
        b"\xef\xbb\xbf \n" + page(EVENT),
        page(EVENT).replace(b"<soapenv:Body>", b"<soapenv:Header><a/></soapenv:Header>\n<soapenv:Body>\n"),
        answer('<RetrievePropertiesExResponse xmlns="urn:vim25"/>'),
    ],
)
def test_a_damaged_page_is_still_known_for_one_by_its_beginning(body: bytes) -> None:
    assert is_answer(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"<html><body>ReadNextEventsResponse</body></html>",
        b"upstream connect error",
        page(EVENT)[:200],
        page(EVENT).decode().encode("utf-16"),
        answer("<soapenv:Fault><faultstring>ReadNextEventsResponse</faultstring></soapenv:Fault>"),
        answer('<LogoutResponse xmlns="urn:vim25"/>'),
        with_doctype("<!DOCTYPE x>"),
    ],
)
def test_what_begins_otherwise_is_known_for_no_page(body: bytes) -> None:
    assert not is_answer(body)


def test_a_refusal_quotes_little_of_the_page() -> None:
    assert len(str(refused(answer(f"<{'x' * 10_000}/>")))) < 300
    assert len(str(refused(page(f"<{'x' * 10_000}></y>")))) < 300
