from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ops.imports.naming import host_like, plain, variable
from schemas.config.names import HostLikeName, Name

PLAIN, HOST_LIKE = TypeAdapter(Name), TypeAdapter(HostLikeName)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("slack-trigger", "slack-trigger"), ("Nsx_Tag.Sync", "nsx-tag-sync"), ("--", "route"), ("é", "route")],
)
def test_a_name_stays_as_near_as_it_can(text: str, expected: str) -> None:
    assert expected == plain(text, "route")


@given(texts=st.lists(st.text(max_size=120) | st.sampled_from(["a", "a.", "x" * 200]), max_size=8))
def test_names_are_right_and_never_the_same_twice(texts: list[str]) -> None:
    taken: set[str] = set()
    for text in texts:
        name = plain(text, "route", taken)
        assert name not in taken
        assert name == PLAIN.validate_python(name)
        taken.add(name)


@given(text=st.text())
def test_names_of_vcenters_and_variables_are_right(text: str) -> None:
    assert HOST_LIKE.validate_python(host_like(text, "vcenter"))
    assert re.fullmatch(r"\$\{[A-Z_][A-Z0-9_]*\}", variable(text, "PASSWORD"))


def test_a_variable_is_called_like_what_it_belongs_to() -> None:
    assert ("${VC1_EXAMPLE_ORG_PASSWORD}", "${_10_0_0_1_PASSWORD}") == (
        variable("vc1.example.org", "PASSWORD"),
        variable("10.0.0.1", "PASSWORD"),
    )
