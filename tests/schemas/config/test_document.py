from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config.document import dotted, parse


def fault(text: str) -> tuple[str, str, int | None]:
    problem = parse(text).problems[0]
    return problem.where, problem.what, problem.line


def test_scalars_follow_yaml_1_2_so_that_no_on_times_and_dates_stay_text() -> None:
    text = "a: no\nb: on\nc: 12:30\nd: 2026-01-01T00:00:00Z\ne: 0x1F\nf: 1_000\ng: .inf"
    expected = {
        "a": "no",
        "b": "on",
        "c": "12:30",
        "d": "2026-01-01T00:00:00Z",
        "e": "0x1F",
        "f": "1_000",
        "g": ".inf",
    }
    assert expected == parse(text).data


def test_numbers_booleans_and_nothing_are_typed() -> None:
    assert {"a": 10, "b": 1.5, "c": True, "d": None, "e": None} == parse("a: 010\nb: 1.5\nc: true\nd:\ne: ~").data


def test_keys_are_always_text() -> None:
    assert {"1": "a", "true": "b"} == parse("1: a\ntrue: b").data


def test_quoted_scalars_are_text() -> None:
    assert {"a": "1", "b": "true"} == parse("a: '1'\nb: \"true\"").data


def test_each_path_knows_its_line() -> None:
    document = parse("kafka:\n  bootstrap: x\nroutes:\n  - name: a\n    to: [b,\n      c]\n")
    assert 2 == document.line(("kafka", "bootstrap"))
    assert 6 == document.line(("routes", 0, "to", 1))


def test_an_absent_path_has_the_line_of_what_is_around_it() -> None:
    assert 2 == parse("a: 1\nkafka:\n  prefix: x").line(("kafka", "bootstrap"))


def test_an_anchor_merges_and_the_own_key_wins() -> None:
    text = "a: &base {x: 1, y: 2}\nb: {<<: *base, y: 3}\nc: {<<: [*base, {z: 4}]}"
    assert {"x": 1, "y": 3} == parse(text).data["b"]
    assert {"x": 1, "y": 2, "z": 4} == parse(text).data["c"]


def test_a_path_is_written_with_dots_and_brackets() -> None:
    assert "routes[2].to[0]" == dotted(("routes", 2, "to", 0))


@pytest.mark.parametrize(
    ("text", "where", "what", "line"),
    [
        ("a: 1\nb:\n\tc: 2", "", "is indented with a tab", 3),
        ("a: 1\nb: *c", "", "uses an alias that is not defined above", 2),
        ("a: &x 1\nb: &x 2", "", "defines an anchor twice", 2),
        ("a: @b", "", "has a character that cannot start a value", 1),
        ("a: b: c", "", "has a second ':' where a value was expected", 1),
        ("a: 1\nb\nc: 2", "", "has a key without ':'", 3),
        ("a: 1\n---\nb: 2", "", "holds more than one document", 2),
        ("a: [1, 2\nb: 3", "", "has a list that is not closed", 2),
        ("a: {b: 1", "", "has a mapping that is not closed", 2),
        ("a: 'b", "", "ends inside a quoted text", 1),
        ("a:\n  b: 1\n c: 2", "", "has a line that does not fit the ones around it", 3),
        ("- a\nb: 1", "", "has a line that does not fit the ones around it", 2),
        ("a: - b", "", "has a list beside its key", 1),
        ("a: \x07", "", "holds control characters", None),
        ("}", "", "is not valid YAML", 1),
        ("a: 1\nb: 2\na: 3", "a", "stands here a second time", 3),
        ("a:\n  b: !x 1", "a.b", "has a YAML tag", 2),
        ("a: &a [*a]", "a[0]", "contains itself", 1),
        ("? [a]\n: b", "", "has a key that is not text", 1),
        ("a: {<<: 5}", "a", "merges something that is not a mapping", 1),
        ("a: " + "[" * 300_000, "", "is nested too deeply", 1),
    ],
)
def test_a_fault_of_the_text_has_place_and_words(text: str, where: str, what: str, line: int | None) -> None:
    assert (where, what, line) == fault(text)


@pytest.mark.parametrize("text", ["p: *hunter2", "p: !hunter2", "p: @hunter2", "p: %hunter2", "p: &hunter2 [*hunter2]"])
def test_a_password_that_yaml_misreads_is_not_quoted(text: str) -> None:
    problem = parse(text).problems[0]
    assert "hunter2" not in f"{problem.where}{problem.what}{problem.cure}"


def test_aliases_of_aliases_do_not_grow_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemas.config.document.MOST_VALUES", 10_000)
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 40))
    assert "is too large" == parse(f"l0: &l0 [x]\n{levels}").problems[0].what


@given(st.text())
def test_any_text_gives_data_or_a_problem(text: str) -> None:
    document = parse(text)
    assert document.problems == [] or document.problems[0].what
