"""Workers with a table that stand still past their session, changes in hand, and wake beside their successors."""

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
RATE = 250.0
TRUE = Against(lost=0, wrong=0)
# Each sleeps at least until others have gone on with all that was its own.
STOPS = (
    "0 start w1, 0 start w2, 0 start w3, "
    "3 SIGSTOP w1, 7 SIGCONT w1, 10 SIGSTOP w2, 14 SIGCONT w2, 17 SIGSTOP w3, 21 SIGCONT w3"
)
ENDLESS = 1 << 40


def stopped(setting: Setting) -> Experiment:
    return Experiment(
        name="table, SIGSTOP past the session three times",
        plan=STOPS,
        setting=setting,
        events=ENDLESS,
        beyond=3.0,
        rate=RATE,
        keys=KEYS,
        patient=True,
    )


@pytest.fixture(scope="module")
def audits(examine: Callable[[Experiment], Future[Audit]]) -> Mapping[str, Future[Audit]]:
    settings = {
        "anonymous": Setting(),
        "static": Setting(static=True),
        "mutant": Setting(mutant="never-fence"),
    }
    return {name: examine(stopped(setting)) for name, setting in settings.items()}


@pytest.mark.parametrize("members", ["anonymous", "static"])
def test_a_table_survives_workers_that_sleep_past_their_session(
    audits: Mapping[str, Future[Audit]], members: str
) -> None:
    audit = audits[members].result()
    assert (KEYS, TRUE, TRUE) == (audit.keys, audit.recovered, audit.changelog)
    assert (0, {}, []) == (audit.outcome.tally.lost, audit.outcome.uncommitted, audit.outcome.crashed)
    assert all(audit.undone)
    assert {0} == {each.code for each in audit.outcome.exits}


def test_a_sleeper_that_nobody_fences_would_be_seen_as_a_wrong_table(audits: Mapping[str, Future[Audit]]) -> None:
    audit = audits["mutant"].result()
    assert audit.recovered.wrong > 0
    assert audit.changelog.wrong > 0
