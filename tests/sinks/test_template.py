from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sinks.template import LONGEST, Template, TemplateText
from tests.sinks.bench import event

DATA = {"Vm": {"Name": "web-1", "Note": ""}, "Arguments": [{"Value": 7}, {"Value": True}], "0": 1.5, "None": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("{{braces}}", "{braces}"),
        ("vc.{vcenter}.{subject}", "vc.vc1.VmPoweredOffEvent"),
        ("{datacontenttype}|{number}|{flag}", "application/json|3|true"),
        ("{data.Vm.Name}", "web-1"),
        ("{data.Arguments.0.Value}{data.Arguments.1.Value}{data.0}", "7true1.5"),
        ("{dataschema}{eventclass:none}{nosuch:none}", "-eventnone"),
        ("{data.Vm}{data.None}{data.Arguments.2.Value}{data.Vm.Name.x}{data.Vm.Note}", "-----"),
    ],
)
def test_fields_are_attributes_and_places_in_the_data_or_what_stands_for_them(text: str, expected: str) -> None:
    given = event(
        data=orjson.dumps(DATA), extensions={"vcenter": "vc1", "eventclass": "event", "number": 3, "flag": True}
    )
    assert expected == Template.of(text).render(given)


@pytest.mark.parametrize("data", [None, b"", b"{", b"[]", b'"text"', b"\xff"])
def test_data_that_hold_no_object_have_no_places(data: bytes | None) -> None:
    assert "-" == Template.of("{data.Vm.Name}").render(event(data=data))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "braces"),
        ("}", "braces"),
        ("{}", "unknown field"),
        ("{data}", "unknown field"),
        ("{data.}", "unknown field"),
        ("{data.a..b}", "unknown field"),
        ("{data.a[0]}", "unknown field"),
        ("{Subject}", "unknown field"),
        ("{subject!r}", "unknown field"),
        ("{subject:{type}}", "unknown field"),
        ("{data" + ".a" * 17 + "}", "more than 16 keys"),
        ("x" * (LONGEST + 1), "longer than"),
    ],
)
def test_what_is_no_template_is_told_with_its_cure(text: str, what: str) -> None:
    with pytest.raises(ValidationError, match=what) as caught:
        TypeAdapter(TemplateText).validate_python(text)
    assert "{subject}" in str(caught.value)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1))
def test_each_field_becomes_a_word_that_the_caller_makes(subject: str) -> None:
    assert "a." + "x" * len(subject) == Template.of("a.{subject}").render(
        event(subject=subject), lambda w: "x" * len(w)
    )
