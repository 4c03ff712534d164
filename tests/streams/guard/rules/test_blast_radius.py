from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.guard import Ledger
from streams.guard.rules import blast_radius
from tests.streams.guard.asking import NOW, entity, question, request
from tests.streams.guard.decided import approved, parked, refused, slot

CLUSTER = {"per": "cluster", "actions": 2, "within": "1m"}
VCENTER = {"per": "vcenter", "actions": 3, "within": "1h"}


def check(*decisions: Any, now: float = NOW, limits: Any = (CLUSTER, VCENTER), **said: Any) -> str | None:
    asked = request("other", on=entity(**said))
    return blast_radius.check(question(asked, Ledger(decisions), now=now, blast_radius=limits))


def test_one_too_many_in_a_cluster_is_refused() -> None:
    reason = check(approved(1, at=NOW - 40), approved(2))
    assert (
        "2 actions in cluster domain-c1 of vc1 were approved within 1m (blast_radius); there is room in 20s" == reason
    )


def test_one_too_many_in_a_vcenter_is_refused() -> None:
    others = [approved(i, on=slot(cluster=f"domain-c{i}")) for i in range(3)]
    assert "3 actions in vc1 were approved within 1h" in (check(*others, cluster="domain-c9") or "")


def test_other_clusters_and_vcenters_have_their_own() -> None:
    assert check(approved(1), approved(2), cluster="domain-c2") is None
    assert check(*(approved(i) for i in range(3)), vcenter="vc2") is None


def test_what_is_in_no_cluster_counts_together() -> None:
    lone = [approved(i, on=slot(cluster=None)) for i in range(2)]
    assert "cluster none of vc1" in (check(*lone, cluster=None) or "")


def test_only_approvals_count_whatever_came_of_them() -> None:
    assert check(parked(1), parked(2), refused(3), refused(4)) is None
    assert (
        check(approved(1, state="refused", ended=NOW), approved(2, state="failed", ended=NOW, dry_run=True)) is not None
    )


def test_without_a_limit_everything_passes() -> None:
    assert check(*(approved(i) for i in range(50)), limits=()) is None


@pytest.mark.parametrize(("after", "refused"), [(59.9, True), (60, False)])
def test_an_approval_counts_from_its_instant_on(after: float, *, refused: bool) -> None:
    assert refused == (check(approved(1), approved(2), now=NOW + after) is not None)


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 4), st.integers(1, 60))
def test_no_stretch_of_time_sees_more(pauses: list[int], actions: int, within: int) -> None:
    """Of events at any times, as many are approved as fit, and never more within any stretch."""
    ledger, now, times = Ledger(), NOW, list[float]()
    limits = [{"per": "cluster", "actions": actions, "within": within}]
    for number, pause in enumerate(pauses):
        now += pause
        room = sum(time > now - within for time in times) < actions
        asked = question(request("other"), ledger, now=now, blast_radius=limits)
        assert room == (blast_radius.check(asked) is None)
        if room:
            times.append(now)
            ledger.put(approved(number, at=now))
