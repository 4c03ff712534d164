from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.config import CommandsConfig
from streams.commands.identities import Identities, by_command_line, by_slack

WHO = Identities.of(
    CommandsConfig.model_validate(
        {
            "people": {
                "anna": {"slack": ["T1A/U1A", "T2A/U1B"], "cli": ["anna", "a.smith"], "groups": ["operators"]},
                "ben": {"slack": ["T1A/U2A"]},
            }
        }
    )
)


def test_one_person_comes_several_ways() -> None:
    ways = (by_slack("T1A", "U1A"), by_slack("T2A", "U1B"), by_command_line("anna"), by_command_line("a.smith"))
    assert {"anna"} == {WHO.person(way) for way in ways}


def test_the_same_id_in_another_workspace_is_somebody_else() -> None:
    assert "slack/T2A/U1A" == WHO.person(by_slack("T2A", "U1A"))


def test_whoever_is_not_named_stays_the_way_they_came() -> None:
    assert "cli/root" == WHO.person(by_command_line("root"))
    assert frozenset() == WHO.names("cli/root")


def test_a_person_is_named_by_name_and_groups() -> None:
    assert {"anna", "operators"} == WHO.names("anna")
    assert {"ben"} == WHO.names("ben")


def test_a_group_is_no_person() -> None:
    assert frozenset() == WHO.names("operators")


def test_without_configuration_nobody_is_anybody() -> None:
    assert "cli/anna" == Identities.of(None).person("cli/anna")


@given(st.text(), st.sampled_from(["anna", "ben", "operators", "U1A", "T1A/U1A"]) | st.text())
def test_nobody_is_anna_by_saying_so(team: str, user: str) -> None:
    if (team, user) not in {("T1A", "U1A"), ("T1A", "U2A"), ("T2A", "U1B")}:
        assert frozenset() == WHO.names(WHO.person(by_slack(team, user)))
    if user not in {"anna", "a.smith"}:
        assert frozenset() == WHO.names(WHO.person(by_command_line(user)))
