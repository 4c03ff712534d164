from __future__ import annotations

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.filters import cesql
from tests.streams.filters.cesql import model

EVENT = {"id": "1", "source": "/probe", "type": "com.example.probe", "subject": "test01"}


@given(model.trees, model.events)
def test_a_tree_written_as_text_yields_what_the_tree_itself_yields(
    node: model.Node, attributes: dict[str, model.Value]
) -> None:
    value, errors = cesql.compile(node.text()).evaluate(attributes)

    assert model.outcome(node, attributes) == (type(value), value, [error.kind for error in errors])


@given(model.trees, model.events)
def test_a_filter_lets_pass_what_is_boolean_true_without_an_error(
    node: model.Node, attributes: dict[str, model.Value]
) -> None:
    passes = model.outcome(node, attributes) == (bool, True, [])

    assert passes is cesql.compile(node.text()).matches(attributes)


KEYWORDS = ["AND", "or", "Xor", "NOT", "LIKE", "IN", "EXISTS", "true"]
OPERANDS = ["a", "a1", "F_", "LEFT", "'x%'", "1", "-1", "99999999999"]
SIGNS = ['"', "'", "\\", "(", ")", ",", "=", "!=", "<", "+", "-", "*", "/", "%", "é", "#", "\u212a", "\n"]
WORDS = st.sampled_from(KEYWORDS + OPERANDS + SIGNS)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=12).map("".join)))
def test_any_text_is_an_expression_or_a_parse_error(text: str) -> None:
    try:
        value, errors = cesql.evaluate(text, EVENT)
    except cesql.ParseError as error:
        refusal = error
        assert (refusal.kind, True) == ("parse", min(refusal.line, refusal.column) >= 1)
    else:
        assert type(value) in {str, int, bool}
        assert len(errors) <= 1


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.one_of(st.none(), st.text(), st.integers(), st.binary())))
def test_whatever_an_event_holds_is_evaluated(attributes: dict[str, object]) -> None:
    result = cesql.evaluate("LENGTH(a) + b = 1 OR a LIKE '%x_y%' OR b IN (a, 2)", attributes)
    assert isinstance(result.value, bool)


def test_a_lone_attribute_that_is_missing_is_false() -> None:
    value, errors = cesql.evaluate("vcenter", EVENT)
    assert (False, ["missingAttribute"]) == (value, [error.kind for error in errors])
    assert errors[0].message == "the event has no attribute 'vcenter'"


def test_an_attribute_that_is_none_is_missing() -> None:
    assert cesql.evaluate("EXISTS subject", {"subject": None}).value is False  # type: ignore[dict-item]
    assert cesql.evaluate("subject", {"subject": None}).errors  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("value", "seen"), [(7, 7), (True, True), ("7", "7"), (2**31, "2147483648"), (b"\x00\xff", "AP8="), (1.5, "1.5")]
)
def test_an_attribute_of_no_cesql_type_is_its_canonical_string(value: object, seen: model.Value) -> None:
    found = cesql.evaluate("x", {"x": value}).value  # type: ignore[dict-item]
    assert (type(seen), seen) == (type(found), found)


class Severity(StrEnum):
    ERROR = "error"


def test_an_integer_beyond_32_bits_is_none() -> None:
    assert (0, "cast") == _short(cesql.evaluate("x + 1", {"x": 2**31}))
    assert (0, "cast") == _short(cesql.evaluate("1 + x", {"x": 2**31}))


def test_a_string_of_a_class_of_its_own_is_a_string() -> None:
    assert cesql.compile("x IN ('error') AND x = 'error' AND LENGTH(x) = 5").matches({"x": Severity.ERROR})


def test_the_first_error_ends_the_evaluation_with_the_zero_value() -> None:
    value, errors = cesql.evaluate("1 / 0 + INT('x')", EVENT)
    assert (0, ["math"]) == (value, [error.kind for error in errors])
    assert (False, "cast") == _short(cesql.evaluate("NOT ('x' + 1 = 1)", EVENT))
    assert ("", "cast") == _short(cesql.evaluate("UPPER('x' + 1)", EVENT))


def test_a_function_at_the_top_yields_the_value_that_it_names_beside_its_error() -> None:
    assert ("abc", "functionEvaluation") == _short(cesql.evaluate("LEFT('abc', -1)", EVENT))
    assert ("", "functionEvaluation") == _short(cesql.evaluate("LEFT(LEFT('abc', -1), 2)", EVENT))
    assert (False, "functionEvaluation") == _short(cesql.evaluate("LEFT('abc', -1) = 'abc'", EVENT))


def test_expressions_are_equal_when_their_texts_are() -> None:
    assert cesql.compile("id = '1'") == cesql.compile("id = '1'")
    assert len({cesql.compile("id = '1'"), cesql.compile("id = '1'"), cesql.compile("id  = '1'")}) == 2


def test_an_expression_names_the_attributes_that_it_reads() -> None:
    expression = cesql.compile("ID = 'x' AND (EXISTS Subject OR LENGTH(type) IN (1, ext1)) AND source LIKE 'a'")
    assert frozenset({"id", "subject", "type", "ext1", "source"}) == expression.attributes


def test_a_string_that_says_true_passes_no_filter() -> None:
    assert not cesql.compile("'true'").matches(EVENT)
    assert not cesql.compile("1").matches(EVENT)
    assert cesql.compile("BOOL('true')").matches(EVENT)


def _short(result: cesql.Result) -> tuple[model.Value, str]:
    (error,) = result.errors
    return result.value, error.kind
