from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config.remediation import ScopeConfig
from streams.guard.scope import Scope, texts, unknown
from tests.streams.guard.asking import entity


def fits(scope: dict[str, Any], **said: Any) -> bool | None:
    return Scope.of(ScopeConfig.model_validate(scope)).fits(entity(**said))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"names": "web-1"}, True),
        ({"names": ["db-*", "WEB-*"]}, True),
        ({"names": "web"}, False),
        ({"names": "w*b-*1"}, True),
        ({"names": "web-[1]"}, False),
        ({"names": "web-?"}, False),
        ({"names": "*"}, True),
        ({"folders": "/DC0/vm/web"}, True),
        ({"folders": "/dc0/VM"}, True),
        ({"folders": "/DC0/"}, True),
        ({"folders": "/"}, True),
        ({"folders": "/DC0/vm/we"}, False),
        ({"folders": "/DC0/vm/web/deeper"}, False),
        ({"folders": "vm"}, False),
        ({"folders": "*/web"}, True),
        ({"folders": "/*/vm"}, True),
        ({"tags": "env/prod"}, True),
        ({"tags": "ENV/*"}, True),
        ({"tags": "env/test"}, False),
        ({"vcenters": ["vc1"]}, True),
        ({"vcenters": ["vc2"]}, False),
        ({"names": "web-*", "tags": "env/prod"}, True),
        ({"names": "web-*", "tags": "env/test"}, False),
        ({"names": "db-*", "tags": "env/prod"}, False),
    ],
)
def test_every_key_must_fit_by_any_of_its_patterns(scope: dict[str, Any], *, expected: bool) -> None:
    assert expected is fits(scope)


@pytest.mark.parametrize(
    ("scope", "said", "expected"),
    [
        ({"tags": "env/prod"}, {"tags": None}, None),
        ({"folders": "/DC0"}, {"folder": None}, None),
        ({"names": "web-*", "tags": "env/prod"}, {"tags": None}, None),
        ({"names": "db-*", "tags": "env/prod"}, {"tags": None}, False),
        ({"names": "web-*"}, {"tags": None, "folder": None}, True),
        ({"tags": "*"}, {"tags": ()}, False),
    ],
)
def test_what_is_not_known_decides_only_where_it_matters(
    scope: dict[str, Any],
    said: dict[str, Any],
    expected: bool | None,  # noqa: FBT001
) -> None:
    assert expected is fits(scope, **said)


def test_accents_may_be_put_together_in_any_way() -> None:
    assert fits({"names": "cafe\u0301-*"}, name="Caf\xe9-1")


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_a_pattern_and_stars_stand_for_any_text(before: str, between: str) -> None:
    """Backslashes, brackets and question marks mean themselves."""
    literal = before.replace("*", "")
    assert texts([f"{literal}*"], exact_case=True).allow(literal + between)
    assert texts([literal], exact_case=True).allow(literal)


def test_the_words_are_those_of_the_operator() -> None:
    scope = Scope.of(ScopeConfig.model_validate({"names": ["a", "b*"], "tags": "env/prod"}))
    assert "names: a, b*; tags: env/prod" == scope.words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"tags": None}, "its tags are not known"),
        ({"folder": None}, "its folder is not known"),
        ({"tags": None, "folder": None}, "its folder and its tags are not known"),
    ],
)
def test_what_is_missing_is_named(said: dict[str, Any], words: str) -> None:
    assert unknown(entity(**said)).startswith(words)
