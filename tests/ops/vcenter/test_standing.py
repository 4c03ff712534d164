from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.vcenter.position.checkpoint import Checkpoint
from ops.vcenter.standing import Standing, standing

NOW = datetime(2026, 1, 31, 6, tzinfo=UTC)
CHECKPOINT = Checkpoint(
    vcenter="vc1", instance_uuid="u", incarnation=2, time=NOW - timedelta(seconds=90), since=NOW, last_key=7
)


def test_a_checkpoint_says_how_far_and_how_long_ago() -> None:
    expected = Standing(
        vcenter="vc1",
        owner="host-1",
        time=CHECKPOINT.time,
        age=90.0,
        last_key=7,
        incarnation=2,
        instance_uuid="u",
    )
    assert expected == standing("vc1", CHECKPOINT, now=NOW, owners={"vc1": "host-1"}, followed=None)


@pytest.mark.parametrize(
    ("checkpoint", "followed", "well"),
    [
        (CHECKPOINT, None, True),
        (CHECKPOINT, {"vc1"}, True),
        (CHECKPOINT, {"vc2"}, False),
        (None, None, False),
    ],
)
def test_all_is_well_unless_it_was_never_followed_or_is_not_now(
    checkpoint: Checkpoint | None, followed: set[str] | None, *, well: bool
) -> None:
    assert well is standing("vc1", checkpoint, now=NOW, owners={}, followed=followed).is_well
