"""Whatever a page is, shapes give what the tree walk gives: the same events, the same counts, the same refusal."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ingest.vcenter.decoding.decode import Decoder
from ingest.vcenter.decoding.naming import CAMEL, PASCAL
from ingest.vcenter.decoding.soap import RefusedPage
from ingest.vcenter.decoding.unknowns import Unknowns
from tests.ingest.vcenter.decoding.test_decode_mutations import ACTIONS, mutate, sample
from tests.ingest.vcenter.pages import BASE, event, fixture, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.vcenter import VcenterEvent
    from ingest.vcenter.decoding.naming import Naming, Spelling
    from ingest.vcenter.decoding.unknowns import Kind

NAMINGS = {"pascal": PASCAL, "camel": CAMEL}
VM = '<vm><name>v</name><vm type="VirtualMachine">vm-1</vm></vm>'
EVENTS = [
    event("VmPoweredOnEvent", VM + "<template>false</template>"),
    event("AlarmStatusChangedEvent", VM + "<from>green</from><to>red</to>"),
    event("EventEx", "<eventTypeId>a.b</eventTypeId><severity>info</severity>"),
    event("GeneralUserEvent", "<message>he said</message>"),
]
PIECES = [
    *("<", ">", "&", '"', "'", "/", "]]>", "<!--", "-->", "<![CDATA[", "<?x", "?>", "<!DOCTYPE x>"),
    *("<a/>", "<a>b</a>", "<vm>", "</vm>", "<key>8</key>", "<key/>", "<template>1</template>", "<tgw><a>b</a></tgw>"),
    *("<returnval>", "<returnval/>", "<v:returnval/>", '<returnval xsi:type="EventEx">', "</returnval>"),
    *("</returnval >", "</ReadNextEventsResponse>", "</soapenv:Body>", 'xsi:type="ExtendedEvent"'),
    *(' xmlns="urn:other"', ' xmlns:xsi="urn:other"', ' xsi:type="VmEventArgument"', ' xsi:type="Nothing"'),
    *(' type="Nothing"', ' xsi:nil="true"', "&lt;", "&quot;", "&amp;lt;", "&#34;", "&#xD;", "&#65;", "&#0;", "&nbsp;"),
    *("\\", " ", "\n", "\r\n", "\t", "\x00", "\x01", "\x7f", "\x85", "é", "\u2028", "\ufeff", "\ufffe", "\uffff"),
    *("\U0001fffe", "😀", "\u0661", "0", "-0", "+1", "00", " 1", "9" * 19, "1e5", "true", "poweredOn", "magenta"),
    *("2026-11-20T00:00:00+00:00", "2026-11-20T00:00:00-00:00", "2026-02-30T00:00:00Z"),
    *("2026-11-30T00:00:00.100+00:00", "0000-01-01T00:00:00Z", "x" * 5000),
]
RAW = [piece.encode() for piece in PIECES] + [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xc3", b"\xf4\x90\x80\x80"]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "fill", "overwrite", "cut", "double"]),
        st.integers(0, 10**6),
        st.sampled_from(RAW) | st.binary(max_size=6) | st.text(max_size=6).map(str.encode),
    ),
    max_size=6,
)


class Journal(Unknowns):
    """Everything that was counted, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[tuple[Kind, str]] = []

    def count(self, kind: Kind, name: str) -> None:
        self.entries.append((kind, name))

    def taken(self) -> list[tuple[Kind, str]]:
        entries, self.entries = self.entries, []
        return entries


class Pair:
    """A decoder that has learned the shapes of the samples, and one that only ever walks."""

    def __init__(self, naming: Naming) -> None:
        self.journal, self.walkers_journal = Journal(), Journal()
        self.decoder, self.walker = Decoder(naming, self.journal), Decoder(naming, self.walkers_journal)
        for body in (plain(), sample(), fixture("corpus_min.xml")):
            for _ in range(3):
                self.decoder.page(body)
        self.journal.taken()

    def agrees_on(self, body: bytes) -> object:
        """What both make of a page. Three times, since a shape met twice is learned, and then used."""
        for _ in range(3):
            expected = outcome(self.walker.walked, body)
            assert expected == outcome(self.decoder.page, body)
            assert self.walkers_journal.taken() == self.journal.taken()
        return expected


@cache
def pair(naming: Spelling) -> Pair:
    return Pair(NAMINGS[naming])


@cache
def plain() -> bytes:
    return page(*EVENTS)


def outcome(read: Callable[[bytes], list[VcenterEvent]], body: bytes) -> object:
    try:
        return read(body)
    except RefusedPage as refusal:
        return refusal.bound, str(refusal)


def edit(body: bytes, edits: list[tuple[str, int, bytes]]) -> bytes:
    for action, where, piece in edits:
        at = where % (len(body) or 1)
        if action == "insert":
            body = body[:at] + piece + body[at:]
        elif action == "fill":  # behind the next tag, where texts are
            at = body.find(b">", at) + 1
            body = body[:at] + piece + body[at:]
        elif action == "overwrite":
            body = body[:at] + piece + body[at + len(piece) :]
        elif action == "cut":
            body = body[:at] + body[at + len(piece) :]
        else:
            body = body[:at] + body[at : at + 40] + body[at:]
    return body


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@settings(max_examples=400)
@given(edits=EDITS)
def test_no_edit_of_the_bytes_tells_shapes_from_the_walk(naming: Spelling, edits: list[tuple[str, int, bytes]]) -> None:
    pair(naming).agrees_on(edit(plain(), edits))


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@settings(max_examples=100)
@given(edits=EDITS)
def test_no_edit_of_the_rich_events_does(naming: Spelling, edits: list[tuple[str, int, bytes]]) -> None:
    pair(naming).agrees_on(edit(sample(), edits))


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@settings(max_examples=100)
@given(actions=st.lists(ACTIONS, min_size=1, max_size=10))
def test_no_change_of_the_elements_does(naming: Spelling, actions: list[tuple[str, int, str, str, str]]) -> None:
    root = etree.fromstring(sample())
    for action in actions:
        mutate(root, action)
    pair(naming).agrees_on(etree.tostring(root, encoding="utf-8"))


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize("place", ["text", "tag", "before", "within", "attribute"])
def test_no_piece_of_xml_does_wherever_it_stands(naming: Spelling, place: str) -> None:
    for piece in RAW:
        target, changed = {
            "text": (b">root<", b">ro" + piece + b"ot<"),
            "tag": (b"<userName>", b"<userName" + piece + b">"),
            "before": (b"<returnval xsi", piece + b"<returnval xsi"),
            "within": (b"<userName>", piece + b"<userName>"),
            "attribute": (b'type="VirtualMachine"', b'type="' + piece + b'"'),
        }[place]
        for count in (1, -1):
            pair(naming).agrees_on(plain().replace(target, changed, count))
        head, found, tail = plain().rpartition(target)
        pair(naming).agrees_on(head + changed + tail if found else plain())


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize("name", ["key", "createdTime", "template", "from", "severity", "message", "name"])
def test_no_text_does(naming: Spelling, name: str) -> None:
    before, _, after = plain().partition(f"<{name}>".encode())
    assert after
    for piece in RAW:
        rest = after[after.index(b"<") :]
        pair(naming).agrees_on(before + f"<{name}>".encode() + piece + rest)


@pytest.mark.parametrize("naming", ["pascal", "camel"])
def test_no_truncation_does(naming: Spelling) -> None:
    for length in range(len(plain())):
        pair(naming).agrees_on(plain()[:length])


ENVELOPES = {
    "comment before": (b"<soapenv:Body>", b"<!-- <returnval> --><soapenv:Body>"),
    "comment open at the events": (b'"urn:vim25">', b'"urn:vim25"><!-- '),
    "cdata open at the events": (b'"urn:vim25">', b'"urn:vim25"><![CDATA['),
    "element around the events": (b'"urn:vim25">', b'"urn:vim25"><a>'),
    "event around the events": (b'"urn:vim25">', b'"urn:vim25"><v:returnval xmlns:v="urn:vim25">'),
    "event spelt otherwise": (b'"urn:vim25">', b'"urn:vim25"><v:returnval xmlns:v="urn:vim25"/>'),
    "two answers": (b"<ReadNext", b"<a/><ReadNext"),
    "other namespace": (b"urn:vim25", b"urn:vim26"),
    "other prefix": (b"xmlns:xsi", b"xmlns:other"),
    "other meaning of the prefix": (b"2001/XMLSchema-instance", b"2001/XMLSchema-other"),
    "namespace of the answer by prefix": (b'<ReadNextEventsResponse xmlns="', b'<v:ReadNextEventsResponse xmlns:v="'),
    "declared to be latin": (b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
    "declared to be utf-16": (b'encoding="UTF-8"', b'encoding="UTF-16"'),
    "declared to be xml 1.1": (b'version="1.0"', b'version="1.1"'),
    "mark before": (b"<?xml", b"\xef\xbb\xbf<?xml"),
    "space before": (b"<?xml", b" <?xml"),
    "no declaration": (b'<?xml version="1.0" encoding="UTF-8"?>', b""),
    "another answer": (b"ReadNextEvents", b"ReadPreviousEvents"),
    "no page": (b"ReadNextEvents", b"Logout"),
    "lines": (b"><returnval", b">\r\n\t <returnval"),
    "text between": (b"><returnval", b">text<returnval"),
    "element between": (b"><returnval", b"><other/><returnval"),
    "reference between": (b"><returnval", b">&lt;<returnval"),
    "rest behind": (b"</soapenv:Envelope>", b"</soapenv:Envelope><a/>"),
    "comment behind": (b"</soapenv:Envelope>", b"</soapenv:Envelope><!-- </returnval> -->"),
    "event behind": (b"</ReadNext", b"<returnval/></ReadNext"),
    "answer behind": (b"</soapenv:Body>", b"<returnval>a</returnval></soapenv:Body>"),
    "space in end tags": (b"</soapenv:Body>", b"</soapenv:Body\n>"),
    "outer prefix used inside": (b"<userName>", b"<soapenv:a/><userName>"),
    "long header": (b"<soapenv:Body>", b"<soapenv:Header>" + b"x" * 5000 + b"</soapenv:Header><soapenv:Body>"),
}


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize("what", ENVELOPES)
def test_no_envelope_does(naming: Spelling, what: str) -> None:
    for body in (plain(), page(*EVENTS, EVENTS[0].replace("root", "é"), event("Nothing"))):
        pair(naming).agrees_on(body.replace(*ENVELOPES[what]))


AROUND = [
    ("<!-- ", " -->"),
    ("<![CDATA[", "]]>"),
    ("<?a ", "?>"),
    ("<a>", "</a>"),
    ('<v:returnval xmlns:v="urn:vim25">', "</v:returnval>"),
    ('<v:returnval xmlns:v="urn:vim25"/><a>', "</a>"),
    ('<v:returnval xmlns:v="urn:vim25"/><!-- ', " -->"),
    ('</ReadNextEventsResponse><other xmlns="urn:vim25">', "</other><ReadNextEventsResponse>"),
    ('</ReadNextEventsResponse><ReadNextEventsResponse xmlns="urn:vim25">', ""),
    ("", "<a/>"),
    ("", '<v:returnval xmlns:v="urn:vim25"/>'),
    ("<a xmlns='urn:vim25' b='", "'/>"),
]


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize(("before", "after"), AROUND)
def test_nothing_around_the_events_does(naming: Spelling, before: str, after: str) -> None:
    pair(naming).agrees_on(page(before, *EVENTS, after))
    pair(naming).agrees_on(page(before, *EVENTS, event("Nothing"), after))
    pair(naming).agrees_on(page(*EVENTS, before, *EVENTS, after, *EVENTS))


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize(
    "events",
    [
        ("<returnval><!--</returnval>", "<returnval>--></returnval>", "<returnval/><returnval></returnval>"),
        ("<returnval><a></returnval>", "<returnval></a></returnval>"),
        ("<returnval><returnval></returnval>", "<returnval/></returnval ><returnval></returnval>"),
        ("<returnval><![CDATA[</returnval>", "<returnval>]]></returnval>"),
        ('<returnval a="</returnval>', '<returnval "></returnval>'),
        ("<returnval><?a </returnval>", "<returnval>?></returnval>"),
        ("<returnval></returnval ></ReadNextEventsResponse><ReadNextEventsResponse><returnval></returnval>",),
        ("<returnvalue></returnvalue>", "<returnval></returnval>"),
        ("<returnval/>", "<returnval/>"),
        (EVENTS[0].replace("<returnval", '<returnval xmlns="urn:other"'),),
        (EVENTS[0].replace("<returnval", '<returnval xmlns:xsi="urn:other"'),),
        (EVENTS[0].replace("returnval", "returnval "),),
        ("<a><returnval></returnval></a>",),
        ("<a><returnval></returnval>", '</a><v:returnval xmlns:v="urn:vim25"/><returnval></returnval>'),
        (event("VmPoweredOnEvent", event("VmPoweredOnEvent", VM)),),
        (EVENTS[0].replace("</userName>", "</username>"),),
        (EVENTS[0].replace("<userName>root", "<userName>root]]>"),),
    ],
)
def test_no_event_that_reaches_into_another_does(naming: Spelling, events: tuple[str, ...]) -> None:
    between = [found for pieces in zip(events, EVENTS, strict=False) for found in pieces]
    for body in (page(*events), page(*between), page(*EVENTS, *between), page(*between, *events)):
        pair(naming).agrees_on(body)


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize(
    "rest",
    [
        VM + VM,
        VM + "<vm/>",
        "<template>true</template><template>maybe</template>",
        "<template>maybe</template><template>true</template>",
        "<tgw><name>maybe</name></tgw><auditId>a</auditId><template>true</template>",
        "<template>true</template>" + VM,
        "<vm>text" + VM.removeprefix("<vm>"),
        VM.replace("</name>", "</name>text"),
        VM.replace("vm-1", "vm-1<a/>"),
        VM.replace("<name>v</name>", "<name>v<a/></name>"),
        VM.replace("<name>", '<name a=">v" b="w">'),
        VM.replace("<name>v</name>", "<name> </name>"),
        VM.replace("<name>v</name>", "<name></name><name/>"),
        "<eventTypeId>x</eventTypeId><arguments><key>k</key><value>x</value></arguments>",
        '<arguments><key>k</key><value xsi:type="xsd:anyType">x</value></arguments>',
        '<fault xmlns:pbm="urn:pbm"><fault xsi:type="pbm:PbmDuplicateName"><pbm:name>n</pbm:name></fault></fault>',
        "<Key>9</Key>",
        "<soapenv:key>9</soapenv:key>",
        '<key xmlns="urn:other">9</key>',
        '<a xmlns="urn:other"><key>9</key></a>',
    ],
)
def test_no_odd_element_does(naming: Spelling, rest: str) -> None:
    for cls in ("VmPoweredOnEvent", "EventEx", "Nothing", "EventWithout"):
        pair(naming).agrees_on(page(EVENTS[0], event(cls, rest), EVENTS[0], event(cls, rest)))


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize(
    "rest",
    [
        *(
            VM.replace("<name>v</name>", name)
            for name in (
                "<name>a<!-- <b>a</b --></name>",
                "<name>a<?b <b>a</b ?></name>",
                "<name><!-- a --><![CDATA[a]]></name>",
                '<name b="><c>a</c>">a</name>',
                '<name b=">a">a</name>',
                '<name type="a">a</name>',
                "<name>a<b>a</b></name>",
                "<name><b>a</b>a</name>",
            )
        ),
        "<arguments><key>a</key><value>a</value></arguments>",
        '<arguments><key>a</key><value xsi:type="xsd:anyType">a</value></arguments>',
        '<arguments><key>a</key><value xsi:type="Nothing"><a>a</a></value></arguments>',
        "<tgw><name>a</name></tgw><auditId>a</auditId>",
    ],
)
def test_a_text_that_only_looks_like_a_value_is_never_taken_for_one(naming: Spelling, rest: str) -> None:
    for cls in ("VmPoweredOnEvent", "EventEx"):
        pair(naming).agrees_on(page(event(cls, rest)))
        for one, another in (("a<", "other<"), (">a", ">other"), ("<name>a", "<name>other"), ("<b>a", "<b>other")):
            pair(naming).agrees_on(page(event(cls, rest.replace(one, another))))


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize(("common", "zero"), [("4", "0"), ("1.5", "0"), ("1.5", "0.0"), ("true", "false"), ("7", "-0")])
def test_no_zero_does(naming: Spelling, common: str, zero: str) -> None:
    for value in (common, zero):
        spec = f"<numCPUs>{value}</numCPUs><cpuHotAddEnabled>{value}</cpuHotAddEnabled>"
        argument = f'<arguments><key>k</key><value xsi:type="FLOATS">{value}</value></arguments>'
        pair(naming).agrees_on(page(event("VmReconfiguredEvent", f"<configSpec>{spec}</configSpec>")))
        for kind in ("float", "double", "int"):
            pair(naming).agrees_on(page(event("EventEx", argument.replace("FLOATS", f"xsd:{kind}"))))


@pytest.mark.parametrize("naming", ["pascal", "camel"])
def test_an_event_that_takes_a_prefix_from_outside_is_read_with_its_meaning_there(naming: Spelling) -> None:
    body = page(event("VmPoweredOnEvent", VM.replace("<name>", '<name soapenv:a="b">')))
    pair(naming).agrees_on(body)
    for old, new in ((b"soapenv:", b"s:"), (b"<soapenv:", b"<s:"), (b"soapenv:a", b"s:a")):
        other = body.replace(old, new).replace(b"</soapenv:", b"</s:").replace(b"xmlns:soapenv", b"xmlns:s")
        pair(naming).agrees_on(other)


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@pytest.mark.parametrize("base", ["", BASE.replace(">6<", ">0<"), BASE.replace("<key>7</key>", ""), BASE + BASE])
def test_no_odd_base_does(naming: Spelling, base: str) -> None:
    for cls in ("VmPoweredOnEvent", "EventEx", "Nothing"):
        pair(naming).agrees_on(page(event(cls, VM, base=base)))


@pytest.mark.parametrize("name", ["corpus_min.xml", "corpus_r1.xml", "page_1000_vm_power.xml"])
@pytest.mark.parametrize("naming", ["pascal", "camel"])
def test_no_recorded_page_does(naming: Spelling, name: str) -> None:
    pair(naming).agrees_on(fixture(name))
