from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.templates.fuel import Fuel
from schemas.templates.template import Flawed, Template
from schemas.templates.unfit import Unfit

EVENT = {"subject": "VmPoweredOffEvent", "vcenter": "vc1"}
DATA = {
    "Key": 28,
    "Vm": {"Name": "web-1", "Vm": {"Type": "VirtualMachine", "Value": "vm-55"}},
    "Host": None,
    "Template": False,
    "Load": 0.5,
    "Tags": ["prod", "web"],
    "items": "a member, no method",
    "hyphen-ated": 1,
    "UserName": "DOM\\alice",
}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def render(source: str, data: Any = None, *, as_json: bool = False) -> str:
    return Template(source, as_json=as_json).render(EVENT, DATA if data is None else data, Fuel())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain", "plain"),
        ("{{ event.subject }} on {{ data.Vm.Name }}", "VmPoweredOffEvent on web-1"),
        ("{{ data.Key }} {{ data.Template }} {{ data.Load }}", "28 false 0.5"),
        ("{{ data['hyphen-ated'] + 1 }} {{ data.Tags[-1] }}", "2 web"),
        ("{{ data.items }}", "a member, no method"),
        ("{{ data.Host.Name | default('no host') }} {{ data.A.B.C | default('-') }}", "no host -"),
        ("{{ data.Host | default('null', true) }}", "null"),
        (
            "{% if 'prod' in data.Tags and data.Key > 3 %}page{% elif data.Host is none %}-{% else %}mail{% endif %}",
            "page",
        ),
        ("{{ 'big' if data.Key >= 28 else 'small' }}", "big"),
        ("{{ 'x' if 'Vm' in data and 'zz' not in data.Vm.Name and data.Key != 1 and data.Key <= 28 else 'y' }}", "x"),
        ("{% set name = data.Vm.Name | upper %}{{ name }}/{{ name | lower }}", "WEB-1/web-1"),
        ("{{ data.UserName | split('\\\\') | last }} {{ data.Tags | join(', ') }}", "alice prod, web"),
        ("{{ data.Vm.Name | replace('web', 'db') | capitalize }} {{ ' a ' | trim }}", "Db-1 a"),
        ("{{ 'abcdef' | truncate(4) }} {{ 'abc' | truncate(4) }}", "abc… abc"),
        ("{{ data.Tags | first }} {{ data.Tags | length }} {{ [] | first | default('none') }}", "prod 2 none"),
        ("{{ '42' | int + 1 }} {{ 'x' | int(7) }} {{ 2.567 | round(1) }} {{ -3 | abs }}", "43 7 2.6 3"),
        ("{{ 7 // 2 }} {{ 7 % 2 }} {{ 7 / 2 }} {{ -data.Key }} {{ 'a' + 'b' }}", "3 1 3.5 -28 ab"),
        ("{{ data.Vm.Vm | tojson }}", '{"Type":"VirtualMachine","Value":"vm-55"}'),
        (
            "{{ '1' | float }} {{ true | string }} {{ data.Host is defined }} {{ data.X is undefined }}",
            "1.0 true true true",
        ),
        ("{# a comment #}{% raw %}{{ }}{% endraw %}", "{{ }}"),
    ],
)
def test_a_template_gives_the_text_that_it_spells(source: str, expected: str) -> None:
    assert expected == render(source)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ data.Vm.Nam }}", "reads what this event does not have: there is no Nam"),
        ("{{ data.Nope.Name }}", "reads what this event does not have: there is no Nope"),
        ("{{ event.severity }}", "reads what this event does not have: there is no severity"),
        ("{{ data.Host }}", "has null where a text belongs"),
        ("{{ data.Vm }}", "has an object where a text belongs"),
        ("{{ data.Vm.Name | int }}", "makes a number of a text, which is none"),
        ("{{ 1e30 | int }}", "has a number of more than 64 bits where a text belongs"),
        ("{{ data.Vm.Name | join }}", "joins a text, which is no list"),
        ("{{ data.Key | first }}", "takes an end of a number"),
        ("{{ data.Key | length }}", "measures a number"),
        ("{{ data.Vm.Name | round }}", "makes a number of a text"),
        ("{{ 1 | round(99) }}", "rounds to a number of digits"),
        ("{{ 'x' | abs }}", "takes the size of a text"),
        ("{{ 'x' | replace('', 'y') }}", "replaces an empty text"),
        ("{{ 'x' | split('') }}", "splits at an empty text"),
        ("{{ 'x' | truncate(0) }}", "truncates to a length"),
        ("{{ 1 / 0 }}", "cannot be computed: division by zero"),
        ("{{ 1e300 * 1e300 }}", "the number is too large"),
        ("{{ 9223372036854775807 * 9 }}", "the number is too large"),
        ("{{ 'a' * 9 }}", "computes with a text"),
        ("{{ '%9d' % 1 }}", "computes with a text"),
        ("{{ data.Vm == data.Vm }}", "compares an object with an object"),
        ("{{ data.Key < 'a' }}", "compares a number with a text"),
        ("{{ data.Tags in data.Tags }}", "looks for a list"),
        ("{{ 1 in 5 }}", "looks for a number in a number"),
        ("{{ data.X == 1 }}", "there is no X"),
        ("{{ data.X + 1 }}", "there is no X"),
        ("{{ [] | first }}", "an empty list has no first"),
        ("{% if false %}{% set x = 1 %}{% endif %}{{ x }}", "reads what this event does not have"),
    ],
)
def test_what_an_event_cannot_give_is_told_and_never_rendered_as_something_else(source: str, reason: str) -> None:
    with pytest.raises(Unfit, match=re.escape(reason)):
        render(source)


@given(value=VALUES)
def test_in_json_every_value_is_written_as_itself_and_cannot_leave_its_place(value: Any) -> None:
    text = render('{"before": 1, "value": {{ data.v }}, "after": {{ data.v | tojson }}}', {"v": value}, as_json=True)
    assert {"before": 1, "value": value, "after": value} == orjson.loads(text)


@pytest.mark.parametrize(
    "source",
    [
        '{"name": "{{ data.Vm.Name }}"}',
        '{"text": "VM {{ data.Vm.Name }} is off"}',
        '{"text": "said \\"{{ data.Vm.Name }}\\""}',
        '{"a": {% if data.Key %}"{{ data.Key }}"{% else %}""{% endif %}}',
    ],
)
def test_in_json_an_expression_in_quotes_is_a_flaw(source: str) -> None:
    with pytest.raises(Flawed, match=r"has \{\{ \}\} inside quotes"):
        Template(source, as_json=True)


def test_in_json_text_with_quotes_beside_expressions_is_right() -> None:
    source = '{"a": "x{% if data.Key %}y{% endif %}", "b\\"": {{ data.Key }}, "c": {{ "VM " + data.Vm.Name }}}'
    assert {"a": "xy", 'b"': 28, "c": "VM web-1"} == orjson.loads(render(source, as_json=True))


def test_every_flaw_is_told_with_its_line() -> None:
    with pytest.raises(Flawed) as raised:
        Template("{{ x }}\n{% for a in data %}{% endfor %}\n{{ data | uper }}")
    assert [1, 2] == sorted({flaw.line for flaw in raised.value.flaws if flaw.line < 3})
    assert (3, "has no filter uper", "did you mean upper?") in raised.value.flaws
