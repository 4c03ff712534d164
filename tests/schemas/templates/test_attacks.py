"""Templates that try to leave their sandbox, or to take more than their share: refused, or stopped by their fuel."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.templates.fuel import TANK, Fuel
from schemas.templates.template import Flawed, Template
from schemas.templates.unfit import Unfit

MIB = 2**20
LONG = {"a": "a" * MIB}
WIDE: dict[str, Any] = {"a": [{}] * (MIB // 3)}
MANY = {"a": ["x"] * (MIB // 4)}
ODD = {"a": "\N{LATIN SMALL LETTER SHARP S}" * (MIB // 2)}
NUMBERS = {"a": [1.5e300] * (MIB // 8)}
DEEP: dict[str, Any] = {"a": []}
for _ in range(1000):
    DEEP = {"a": [DEEP]}

REFUSED = [
    "{{ data.__class__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ data._x }}",
    "{{ _fuel }}",
    "{% set _fuel = 1 %}",
    "{% set data = 1 %}",
    "{% set event.x = 1 %}",
    "{% set a, b = data.x %}",
    "{{ self }}",
    "{{ range }}",
    "{{ range(1000000000) }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum() }}",
    "{{ data.get('a') }}",
    "{{ 'a'.join(data) }}",
    "{{ data['a'].upper() }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ data | attr('__class__') }}",
    "{{ data | map('upper') }}",
    "{{ data | pprint }}",
    "{{ data | xmlattr }}",
    "{{ data | center(1000000000) }}",
    "{{ data is sameas data }}",
    "{{ data is filter('upper') }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'a' ~ data }}",
    "{{ data.a[:10] }}",
    "{{ {'a': 1} }}",
    "{{ (1, 2) }}",
    "{{ 1 < 2 < 3 }}",
    "{{ data | upper(*data) }}",
    "{{ data | upper(**data) }}",
    "{{ data | upper(1) }}",
    "{{ 1e999 }}",
    "{{ 99999999999999999999 }}",
    "{% for x in data %}{{ x }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% call data() %}{% endcall %}",
    "{% include 'x' %}",
    "{% import 'x' as x %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% block b %}{% endblock %}",
    "{% set x %}text{% endset %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with a = 1 %}{% endwith %}",
    "{% autoescape true %}{% endautoescape %}",
    "{% do data.pop() %}",
    "{% print data %}{{ undefined_name }}",
    "{{",
    "{% if %}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{{ " + "not " * 3000 + "1 }}",
    "{{ " + "1 + " * 200 + "1 }}",
    "{{ " + "9" * 5000 + " }}",
    "{{ data.a }}" * 600,
    "x" * 9000,
    "{% if data.a %}" * 60 + "{% endif %}" * 60,
]

STOPPED = [
    ("{{ data.a | upper | length }}" * 5, LONG),
    ("{{ data.a | upper }}", ODD),
    ("{{ data.a }}{{ data.a }}", LONG),
    ("{{ data.a | replace('a', '" + "b" * 100 + "') }}", LONG),
    ("{{ data.a | replace('a', data.a) }}", LONG),
    ("{{ data.a | split('a') | length }}", LONG),
    ("{{ data.a | truncate(900000) }}{{ data.a | truncate(900000) }}", LONG),
    ("{% set x = data.a %}" + "{% set x = x + x %}" * 30 + "{{ x }}", LONG),
    ("{% set x = 'aaaaaaaa' %}" + "{% set x = x + x %}" * 40 + "{{ x }}", {}),
    ("{{ 'aab' in data.a }}" * 50, LONG),
    ("{{ data.a == data.a }}" * 50, LONG),
    ("{{ data.a < data.a }}" * 50, LONG),
    ("{{ data.a in [" + "data.b, " * 200 + "] }}", {"a": "a" * (MIB // 2), "b": "a" * (MIB // 2 - 1) + "b"}),
    ("{{ 'y' in data.a }}" * 50, MANY),
    ("{{ 'y' in data.a }}" * 50, NUMBERS),
    ("{{ data.a | join }}", MANY),
    ("{{ data.a | join(data.a | join) }}", {"a": ["x" * 9] * 9000}),
    ("{{ data | tojson | length }}" * 50, WIDE),
    ("{{ data | tojson }}", NUMBERS),
    ("{{ data | tojson }}", DEEP),
    ("{{ data.a | string | length }}" * 50, LONG),
    ("{{ data.a | trim | length }}" * 50, {"a": " " * MIB}),
]


@pytest.mark.parametrize("source", REFUSED, ids=[source[:40] for source in REFUSED])
def test_a_template_that_could_leave_its_bounds_is_refused_before_any_event(source: str) -> None:
    with pytest.raises(Flawed) as raised:
        Template(source)
    assert all(flaw.what and flaw.cure and flaw.line >= 1 for flaw in raised.value.flaws)


@pytest.mark.parametrize(("source", "data"), STOPPED, ids=[source[:40] for source, _ in STOPPED])
def test_a_template_that_works_too_hard_on_a_large_event_is_stopped(source: str, data: Any) -> None:
    with pytest.raises(Unfit, match=r"needs more work|cannot be written as JSON"):
        Template(source).render({}, data, Fuel())


@pytest.mark.parametrize("name", ["__class__", "keys", "get", "format", "mro", "upper", "__init__"])
@pytest.mark.parametrize("value", ["data", "data.a", "event", "'x'", "5", "[1]"])
def test_no_attribute_of_python_can_be_read_by_any_spelling(name: str, value: str) -> None:
    template = Template(f"{{{{ {value}['{name}'] is defined }}}}")
    assert "false" == template.render({"id": "1"}, {"a": "text"}, Fuel())


def test_what_a_template_gives_is_no_longer_than_its_fuel_and_itself() -> None:
    source = "{{ data.a }}" * 10
    text = Template(source).render({}, {"a": "x" * (TANK // 10)}, Fuel())
    assert TANK - 10 < len(text) <= TANK
    with pytest.raises(Unfit, match="needs more work"):
        Template(source).render({}, {"a": "x" * (TANK // 10 + 1)}, Fuel())


def test_the_templates_of_one_event_share_their_fuel() -> None:
    fuel, template = Fuel(), Template("{{ data.a }}")
    half = {"a": "x" * (TANK // 2)}
    assert half["a"] == template.render({}, half, fuel) == template.render({}, half, fuel)
    with pytest.raises(Unfit, match="needs more work"):
        template.render({}, {"a": "x"}, fuel)
