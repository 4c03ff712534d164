from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ingest.vcenter.decoding.texts import json_strings

PIECES = st.sampled_from(
    [
        *("&lt;", "&gt;", "&amp;", "&quot;", "&apos;", "&#34;", "&#39;", "&#xA;", "&#xD;", "&#x9;", "&#13;", "&#65;"),
        *("&#0;", "&", ";", "lt", "#", "amp;", '"', "'", "\\", "/", ">", "]]>", "]", "\n", "\r", "\t", "\x00", "\x1f"),
        *("\x7f", "é"),
    ]
)
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="<\ufffe\uffff")
TEXT = st.lists(PIECES | st.text(CHARACTERS)).map("".join)


def parsed(text: str) -> str | None:
    """What XML makes of a text, None if it is none."""
    try:
        return etree.fromstring(f"<a>{text}</a>".encode(), etree.XMLParser(encoding="utf-8")).text or ""
    except etree.XMLSyntaxError:
        return None


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_texts_become_what_the_parser_and_the_json_writer_make_of_them_or_nothing(texts: list[str]) -> None:
    strings = json_strings([text.encode() for text in texts])
    if strings is not None:
        assert [orjson.dumps(parsed(text)) for text in texts] == [b'"%b"' % string for string in strings]


@pytest.mark.parametrize(
    ("text", "string"),
    [
        ("[ds] vm/vm.vmx", "[ds] vm/vm.vmx"),
        ("é😀\u2028\x7f", "é😀\u2028\x7f"),
        ('a "b" \\ c', 'a \\"b\\" \\\\ c'),
        ("a\n\tb", "a\\n\\tb"),
        ("a -&gt; b &amp;&lt; c", "a -> b &< c"),
        ("&amp;lt;", "&lt;"),
        ("&#34;&#39;&quot;&apos;&#xA;", "\\\"'\\\"'\\n"),
    ],
)
def test_what_vcenters_send_is_no_case_for_the_parser(text: str, string: str) -> None:
    assert [string.encode(), b"x"] == json_strings([text.encode(), b"x"])


@pytest.mark.parametrize("text", ["&", "&nbsp;", "&#65;", "&amp", "]]>", "\x00", "\x1f", "\r"])
def test_what_is_no_text_or_rare_is_left_to_the_parser(text: str) -> None:
    assert json_strings([b"x", text.encode()]) is None
