from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from streams.guard import Ledger
from streams.guard.rules import maintenance
from tests.streams.guard.asking import NOW, host, question, request, sink
from tests.streams.guard.decided import approved, slot

if TYPE_CHECKING:
    from schemas.remediation.decision import Slot


def on(number: int, action: str = "enter-maintenance", cluster: str | None = "domain-c1") -> Slot:
    return slot(action=action, entity=f"vc1/host-{number}", cluster=cluster)


def check(*decisions: Any, number: int = 1, action: str = "enter-maintenance", **said: Any) -> str | None:
    asked = request("other", on=host(number, **said), action=action)
    return maintenance.check(question(asked, Ledger(decisions), sink=sink(action)))


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({}, True),
        ({"state": "succeeded"}, True),
        ({"state": "unknown"}, True),
        ({"state": "failed"}, False),
        ({"state": "refused"}, False),
        ({"state": "planned"}, False),
    ],
)
def test_another_host_of_the_cluster_is_refused_while_one_is_or_may_be_in_maintenance(
    said: dict[str, Any], *, refused: bool
) -> None:
    reason = check(approved(1, on=on(2), **said))
    assert refused == (reason is not None and "vc1/host-2 of the same cluster" in reason)


@pytest.mark.parametrize("action", ["exit-maintenance", "undo enter-maintenance"])
@pytest.mark.parametrize(
    ("state", "at", "refused"),
    [("succeeded", NOW, False), (None, NOW, True), ("failed", NOW, True), ("succeeded", NOW - 11, True)],
)
def test_only_an_exit_that_succeeded_behind_it_ends_it(state: Any, at: float, action: str, *, refused: bool) -> None:
    entered = approved(1, at=NOW - 10, on=on(2), state="succeeded")
    left = approved(2, at=at, on=on(2, action), state=state)
    assert refused == (check(entered, left) is not None)
    assert refused == (check(left, entered) is not None)


def test_the_host_itself_is_not_in_its_own_way() -> None:
    assert check(approved(1, on=on(1), state="succeeded")) is None


@pytest.mark.parametrize("said", [{"cluster": "domain-c2"}, {"vcenter": "vc2"}, {"cluster": None}])
def test_other_clusters_and_hosts_of_none_are_of_no_account(said: dict[str, Any]) -> None:
    assert check(approved(1, on=on(2)), **said) is None
    assert check(approved(1, on=on(2, cluster=None)), cluster=None) is None


def test_other_actions_pass() -> None:
    assert check(approved(1, on=on(2)), action="exit-maintenance") is None
