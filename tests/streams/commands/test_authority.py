from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config import CommandsConfig
from schemas.config.commands import GrantConfig
from schemas.config.commands.verbs import GROUPS, VERBS
from streams.commands.authority import FREE, Authority, Case

PEOPLE = {"anna": {"groups": ["operators"]}, "ben": {"groups": ["developers"]}, "eve": {}}
HERE = "T1A/C1A"
OWNED = [*GROUPS["power"], *GROUPS["change"], *GROUPS["destroy"]]


def authority(*grants: dict[str, Any]) -> Authority:
    return Authority.of(CommandsConfig.model_validate({"people": PEOPLE, "grants": grants}))


GRANTS = st.builds(
    GrantConfig,
    to=st.lists(st.sampled_from(["anna", "ben", "operators", "developers"]), min_size=1, max_size=2),
    verbs=st.lists(st.sampled_from([*GROUPS, *VERBS]), min_size=1, max_size=3),
    vcenters=st.none() | st.lists(st.sampled_from(["vc1", "vc2"]), min_size=1, max_size=2),
    presets=st.none() | st.lists(st.sampled_from(["small", "large"]), min_size=1, max_size=2),
    machines=st.sampled_from(["own", "any"]),
    channels=st.none() | st.just([HERE]),
)
CASES = st.builds(
    Case,
    person=st.sampled_from(["anna", "ben", "eve", "operators", "slack/T1A/U1A", "*", ""]),
    verb=st.sampled_from([verb for verb in VERBS if verb != FREE]),
    vcenter=st.sampled_from(["", "vc1", "vc2"]),
    preset=st.sampled_from(["", "small", "large"]),
    owner=st.sampled_from([None, "", "anna", "ben"]),
    channel=st.sampled_from(["", HERE, "T1A/C2A"]),
)


@given(CASES)
def test_without_grants_nobody_may_anything(case: Case) -> None:
    assert authority().refusal(case) is not None
    assert Authority.of(None).refusal(case) is not None


def test_everybody_may_ask_for_help() -> None:
    assert Authority.of(None).refusal(Case("slack/T9/U9", FREE)) is None


@given(st.lists(GRANTS, max_size=3), GRANTS, CASES)
def test_a_further_grant_takes_nothing_away(grants: list[GrantConfig], further: GrantConfig, case: Case) -> None:
    fewer = Authority(authority().identities, tuple(grants))
    more = Authority(fewer.identities, (*grants, further))
    assert fewer.refusal(case) is not None or more.refusal(case) is None


@given(st.lists(GRANTS, max_size=3), CASES)
def test_what_is_granted_is_granted_by_one_grant_in_every_respect(grants: list[GrantConfig], case: Case) -> None:
    who = authority().identities
    together = Authority(who, tuple(grants)).refusal(case) is None
    assert together == any(Authority(who, (grant,)).refusal(case) is None for grant in grants)


@given(st.lists(GRANTS, max_size=3), CASES)
def test_whoever_is_not_named_may_nothing(grants: list[GrantConfig], case: Case) -> None:
    refused = Authority(authority().identities, tuple(grants)).refusal(case)
    assert refused is not None or case.person in PEOPLE


@given(st.lists(GRANTS, max_size=3), CASES)
def test_a_refusal_tells_nothing_of_others(grants: list[GrantConfig], case: Case) -> None:
    refused = Authority(authority().identities, tuple(grants)).refusal(case) or ""
    others = {"anna", "ben", "operators", "developers"} - {case.person}
    assert not others & set(refused.replace("(", " ").replace(")", " ").split())


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (Case("cli/anna", "poweron", "vc1", owner="anna"), "You are not named here (cli/anna)"),
        (Case("eve", "poweron", "vc1", owner="eve"), "may not use poweron: it has not been granted"),
        (Case("ben", "poweron", "vc1", owner="ben"), "may not use poweron here"),
        (Case("ben", "poweron", "vc2", owner="ben", channel=HERE), "in this vCenter"),
        (Case("ben", "poweron", "", owner="ben", channel=HERE), "in this vCenter"),
        (Case("ben", "spawn", "vc1", "large", channel=HERE), "by this preset"),
        (Case("ben", "spawn", "vc1", channel=HERE), "by this preset"),
        (Case("ben", "poweron", "vc1", owner="anna", channel=HERE), "your own machines only"),
        (Case("ben", "poweron", "vc1", owner="", channel=HERE), "your own machines only"),
        (Case("ben", "poweron", "vc1", channel=HERE), "your own machines only"),
    ],
)
def test_a_refusal_says_what_is_missing(case: Case, told: str) -> None:
    given = authority(
        {
            "to": ["developers"],
            "verbs": ["power", "create"],
            "vcenters": ["vc1"],
            "presets": ["small"],
            "channels": [HERE],
        }
    )
    assert told in (given.refusal(case) or "")
    assert given.refusal(Case("ben", "poweron", "vc1", owner="ben", channel=HERE)) is None
    assert given.refusal(Case("ben", "spawn", "vc1", "small", channel=HERE)) is None


@pytest.mark.parametrize("verb", OWNED)
def test_the_machines_of_others_are_a_grant_of_their_own(verb: str) -> None:
    own = authority({"to": ["ben"], "verbs": [verb]})
    any_ = authority({"to": ["ben"], "verbs": [verb], "machines": "any"})
    of = [Case("ben", verb, "vc1", owner=owner) for owner in ("ben", "anna", "", None)]
    assert [True, False, False, False] == [own.refusal(case) is None for case in of]
    assert [True] * 4 == [any_.refusal(case) is None for case in of]
    assert ("ben", "") == (own.owner(of[0]), any_.owner(of[0]))


@pytest.mark.parametrize("granted", [*GROUPS, *VERBS])
def test_a_grant_is_of_its_verbs_and_of_no_other(granted: str) -> None:
    given = authority({"to": ["ben"], "verbs": [granted], "machines": "any"})
    allowed = {verb for verb in VERBS if given.refusal(Case("ben", verb, "vc1", "small", "", HERE)) is None}
    assert {FREE, *GROUPS.get(granted, (granted,))} == allowed


def test_who_approves_owns_nothing_of_it() -> None:
    assert (
        authority({"to": ["anna"], "verbs": ["approve"]}).refusal(Case("anna", "approve", "vc1", owner="ben")) is None
    )


def test_a_question_reaches_as_far_as_its_grants() -> None:
    given = authority(
        {"to": ["ben"], "verbs": ["invoke"], "vcenters": ["vc1", "vc2"]},
        {"to": ["ben"], "verbs": ["read"], "vcenters": ["vc2"], "machines": "any"},
    )
    assert {"vc1": "own", "vc2": "any"} == given.reach(Case("ben", "invoke"), ("vc1", "vc2", "vc3"))
    assert {} == given.reach(Case("eve", "invoke"), ("vc1", "vc2", "vc3"))
