"""SIGKILL of workers with changes of a table on their way: the table is what its events make of it, key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.crew import Setting
from tests.faults.experiment import Experiment
from tests.faults.tables.audit import Against

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from tests.faults.tables.audit import Audit

pytestmark = pytest.mark.stack

KEYS = 500
TRUE = Against(lost=0, wrong=0)
# The first one stays away until others have taken over, the second comes back within its session.
KILLS = "0 start w1, 0 start w2, 0 start w3, 4 SIGKILL w1, 12 SIGKILL w2, 14 start w2, 17 start w1"


def killed(setting: Setting) -> Experiment:
    return Experiment(name="table, SIGKILL twice", plan=KILLS, setting=setting, events=6000, rate=350.0, keys=KEYS)


@pytest.fixture(scope="module")
def audits(examine: Callable[[Experiment], Future[Audit]]) -> Mapping[str, Future[Audit]]:
    settings = {
        "anonymous": Setting(),
        "static": Setting(static=True),
        "mutant": Setting(mutant="commit-before-changelog"),
    }
    return {name: examine(killed(setting)) for name, setting in settings.items()}


@pytest.mark.parametrize("members", ["anonymous", "static"])
def test_a_table_survives_its_workers(audits: Mapping[str, Future[Audit]], members: str) -> None:
    audit = audits[members].result()
    assert (KEYS, TRUE, TRUE) == (audit.keys, audit.recovered, audit.changelog)
    assert (0, {}, []) == (audit.outcome.tally.lost, audit.outcome.uncommitted, audit.outcome.crashed)
    assert all(audit.interrupted)
    assert any(audit.undone)
    assert audit.outcome.tally.handovers > 0
    assert "range" == audit.assignor
    assert {0} == {each.code for each in audit.outcome.exits}


def test_committing_before_the_changelog_would_be_seen_as_a_wrong_table(audits: Mapping[str, Future[Audit]]) -> None:
    audit = audits["mutant"].result()
    assert audit.recovered.wrong > 0
    assert audit.changelog.wrong > 0
