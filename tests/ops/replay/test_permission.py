from __future__ import annotations

import pytest

from ops.replay.permission import known, permit
from schemas.config import SinkConfig
from schemas.errors import ReflexarcError, Refused
from sinks.registry import SINKS

CONFIGURED = {
    "archive": SinkConfig(name="archive", type="quiet"),
    "functions": SinkConfig(name="functions", type="loud"),
    "slack": SinkConfig(name="slack", type="loud"),
}


@pytest.fixture(autouse=True)
def _connectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SINKS, "quiet", "tests.ops.replay.quiet:Quiet")
    monkeypatch.setitem(SINKS, "loud", "tests.ops.replay.quiet:Loud")


def test_a_sink_that_only_keeps_needs_no_permission() -> None:
    permit(["archive"], CONFIGURED, allowed=False)


def test_sinks_that_act_are_refused_by_name_unless_it_is_allowed() -> None:
    with pytest.raises(Refused, match=r"^functions \(loud\), slack \(loud\) would act .*--allow-side-effects"):
        permit(list(CONFIGURED), CONFIGURED, allowed=False)
    permit(list(CONFIGURED), CONFIGURED, allowed=True)


def test_a_long_list_of_them_is_cut() -> None:
    many = {str(number): SinkConfig(name=str(number), type="loud") for number in range(12)}
    with pytest.raises(Refused, match="and 7 more would act"):
        permit(list(many), many, allowed=False)


def test_a_sink_is_taken_once_and_an_unknown_one_is_named() -> None:
    assert ("slack", "archive") == known(["slack", "archive", "slack"], CONFIGURED)
    with pytest.raises(ReflexarcError, match=r"no sink is called slak .*did you mean slack"):
        known(["slak"], CONFIGURED)
