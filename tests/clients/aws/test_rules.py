from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from clients.aws.rules import Rules
from tests.support.eventbridge import Bus, stand_in

if TYPE_CHECKING:
    from collections.abc import Iterator

OFF, ON = '{"detail": {"subject": ["VmPoweredOffEvent"]}}', '{"detail": {"subject": ["VmPoweredOnEvent"]}}'
NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    with stand_in(monkeypatch) as bus:
        bus.rules |= {("default", "vm-off"): OFF, ("default", "vm-on"): ON, ("other", "vm-on"): ON}
        yield bus


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "clients.aws.rules"]


def test_patterns_are_fetched_by_arn(bus: Bus) -> None:
    off, on = bus.arn("default", "vm-off"), bus.arn("other", "vm-on")
    rules = Rules([off, on])
    assert {} == rules.patterns()
    assert rules.refresh()
    assert {
        off: {"detail": {"subject": ["VmPoweredOffEvent"]}},
        on: {"detail": {"subject": ["VmPoweredOnEvent"]}},
    } == rules.patterns()
    assert {} == rules.troubles()


def test_every_page_is_read_and_no_more_than_the_names_ask_for(bus: Bus) -> None:
    bus.rules |= {("default", f"vm-a{n}"): "{}" for n in range(5)} | {("default", "unrelated"): "{}"}
    wanted = [bus.arn("default", "vm-off"), bus.arn("default", "vm-on")]
    rules = Rules(wanted)
    rules.refresh()
    assert set(wanted) == set(rules.patterns())
    assert [(None, "vm-o")] == [(asked.get("NextToken"), asked["NamePrefix"]) for asked in bus.asked]
    bus.asked.clear()
    Rules([*wanted, bus.arn("default", "vm-a4")]).refresh()
    assert [None, "2", "4", "6"] == [asked.get("NextToken") for asked in bus.asked]
    assert {"vm-"} == {asked["NamePrefix"] for asked in bus.asked}


def test_names_with_nothing_in_common_are_listed_without_prefix(bus: Bus) -> None:
    bus.rules["default", "unrelated"] = ON
    arns = [bus.arn("default", "vm-off"), bus.arn("default", "unrelated")]
    rules = Rules(arns)
    rules.refresh()
    assert set(arns) == set(rules.patterns())
    assert not any("NamePrefix" in asked for asked in bus.asked)


def test_a_refresh_tells_whether_a_pattern_changed(bus: Bus) -> None:
    arn = bus.arn("default", "vm-off")
    rules = Rules([arn])
    before = (rules.refresh(), rules.refresh())
    snapshot = rules.patterns()
    bus.rules["default", "vm-off"] = ON
    assert (True, False, True) == (*before, rules.refresh())
    assert {"detail": {"subject": ["VmPoweredOffEvent"]}} == snapshot[arn]
    assert {"detail": {"subject": ["VmPoweredOnEvent"]}} == rules.patterns()[arn]


def test_the_last_good_pattern_stays_and_trouble_is_told_once(bus: Bus, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    arn = bus.arn("default", "vm-off")
    rules = Rules([arn])
    rules.refresh()
    bus.refusal = ("AccessDeniedException", "no")
    assert (False, False) == (rules.refresh(), rules.refresh())
    assert {"detail": {"subject": ["VmPoweredOffEvent"]}} == rules.patterns()[arn]
    reason = "AccessDeniedException: no (allow events:ListRules)"
    assert {arn: reason} == rules.troubles()
    assert [f"cannot fetch {arn}, what was fetched before stays: {reason}"] == lines(caplog)
    bus.refusal = None
    rules.refresh()
    assert f"can fetch again: {arn}" == lines(caplog)[-1]
    assert {} == rules.troubles()


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (None, "the rule has no pattern, only a schedule"),
        ("[]", "its pattern is no JSON object"),
        ("{", "its pattern is no JSON object"),
        (" " * 70_000, "its pattern is longer than 65536 characters"),
    ],
)
def test_a_rule_without_a_usable_pattern_is_named(bus: Bus, pattern: str | None, reason: str) -> None:
    bus.rules["default", "vm-off"] = pattern
    off, on = bus.arn("default", "vm-off"), bus.arn("default", "vm-on")
    rules = Rules([off, on])
    rules.refresh()
    assert {off: reason} == rules.troubles()
    assert {on} == set(rules.patterns())


def test_a_rule_that_is_gone_keeps_its_pattern(bus: Bus) -> None:
    arn = bus.arn("default", "vm-off")
    rules = Rules([arn])
    rules.refresh()
    del bus.rules["default", "vm-off"]
    assert not rules.refresh()
    assert {arn: "bus default has no such rule"} == rules.troubles()
    assert {arn} == set(rules.patterns())


def test_a_rule_of_another_account_is_not_taken_for_it(bus: Bus) -> None:
    rules = Rules([bus.arn("default", "vm-off").replace("123456789012", "210987654321")])
    rules.refresh()
    assert ["bus default has no such rule"] == list(rules.troubles().values())


def test_without_credentials_or_answer_the_reason_is_told(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    arn = bus.arn("default", "vm-off")
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOBODY)
    rules = Rules([arn])
    rules.refresh()
    assert f'Could not connect to the endpoint URL: "{NOBODY}/"' == rules.troubles()[arn]
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nonsense")
    other = Rules([arn])
    other.refresh()
    assert "Invalid endpoint: nonsense" == other.troubles()[arn]
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOBODY)
    third = Rules([arn])
    third.refresh()
    assert "Unable to locate credentials" == third.troubles()[arn]


def test_a_bus_without_end_is_given_up(bus: Bus) -> None:
    bus.page = 1
    bus.rules = {("default", f"vm-{n:03}"): "{}" for n in range(101)}
    arn = bus.arn("default", "vm-")
    rules = Rules([arn])
    rules.refresh()
    assert "bus default has more than 10000 rules that begin with 'vm-'" == rules.troubles()[arn]
    assert 100 == len(bus.asked)


def test_what_is_no_arn_is_refused() -> None:
    with pytest.raises(ValueError, match="is not the ARN"):
        Rules(["vm-off"])
