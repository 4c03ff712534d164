from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ops.imports.configuration import Configuration
from ops.imports.part import Part, Point
from schemas.config.document import parse

NUMBERS = st.sampled_from(("1e5", ".5", "010", "12:30", "2026-01-01", "0x1f", "1_000"))
SIGNS = st.sampled_from(
    ("${X}", "#x", "!x", "*a", "@a", "`a", "{}", "a: b", "- a", "~", "\u2028", "a\nb", " a ", "é", "")
)
TEXTS = NUMBERS | SIGNS | st.sampled_from(("yes", "no", "null", "true")) | st.text(max_size=12)
SETTINGS = st.dictionaries(TEXTS, TEXTS | st.booleans() | st.integers() | st.lists(TEXTS, max_size=3), max_size=3)


@given(settings=SETTINGS, name=TEXTS, points=st.lists(st.text(max_size=30)), off=SETTINGS)
def test_whatever_names_and_texts_hold_the_file_says_the_same_and_comments_stay_comments(
    settings: dict[str, object], name: str, points: list[str], off: dict[str, object]
) -> None:
    def part(*, active: bool = True) -> Part:
        return Part({"k": "v", **settings}, off, [Point(each, 1, each) for each in points], [name], active)

    made = Configuration("a test", part(), {name: part()}, Part({"listen": name}), [part(), part(active=False)])
    made.general.settings = {}
    made.sinks = {name: part(), f"{name}2": part(active=False)}
    document = parse(made.text())
    assert [] == document.problems
    assert made.data() == document.data


def test_a_part_that_is_not_active_is_a_comment_from_end_to_end() -> None:
    made = Configuration("a test", routes=[Part({"name": "r", "to": ["s"]}, active=False)])
    assert "\nroutes:\n  #- name: r\n  #  to:\n  #  - s\n" in made.text()
    assert {"kafka": {"bootstrap": "localhost:9092"}} == made.data()


def test_settings_that_are_switched_off_line_up_with_the_others() -> None:
    made = Configuration("a test", sinks={"s": Part({"type": "http"}, off={"token": "${T}"})})
    assert made.text().endswith("\nsinks:\n  s:\n    type: http\n    #token: ${T}\n")


def test_the_summary_counts_parts_and_points() -> None:
    point = Point("a", 1, "b")
    made = Configuration("a test", Part({}, points=[point]), {"v": Part({})}, None, [Part({}), Part({})])
    assert "a test: 1 vCenter, 2 routes; 1 point not translated, marked in the output" == made.summary()
    assert "a test: nothing to route; nothing is left out" == Configuration("a test").summary()
