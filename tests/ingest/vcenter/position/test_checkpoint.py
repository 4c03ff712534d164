from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.vcenter.instant import EPOCH
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.keys import KeyRanges
from schemas.errors import Refused
from tests.ingest.vcenter.events import START, at

KEYS = st.integers(-(2**31), 2**31 - 1)
SPANS = st.tuples(KEYS, KEYS).map(lambda pair: (min(pair), max(pair)))
INSTANTS = st.sampled_from([EPOCH, START, at(0.000001), at(86_400)])
CHECKPOINTS = st.builds(
    Checkpoint,
    vcenter=st.text(min_size=1),
    instance_uuid=st.text(),
    incarnation=st.integers(0, 2**31),
    time=INSTANTS,
    since=INSTANTS,
    last_key=st.none() | KEYS,
    forgotten=st.none() | KEYS,
    seen=st.lists(SPANS).map(lambda spans: KeyRanges(spans).ranges),
    horizon=st.none() | INSTANTS,
    recent=st.none() | INSTANTS,
)


def stored(**changes: Any) -> bytes:
    return orjson.dumps(orjson.loads(Checkpoint.first("vc1", "4c", START).dumps()) | changes)


@given(CHECKPOINTS)
def test_it_comes_back_as_it_was_stored(checkpoint: Checkpoint) -> None:
    assert checkpoint == Checkpoint.loads(checkpoint.dumps())


def test_a_field_of_a_later_release_is_ignored() -> None:
    assert Checkpoint.first("vc1", "4c", START) == Checkpoint.loads(stored(shard=7))


def test_one_of_an_older_release_has_neither_horizon_nor_time_of_the_last_event() -> None:
    first = orjson.loads(Checkpoint.first("vc1", "4c", START).dumps())
    del first["horizon"], first["recent"]
    assert Checkpoint.first("vc1", "4c", START) == Checkpoint.loads(orjson.dumps(first))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        stored(time="yesterday"),
        stored(last_key="7"),
        stored(seen=[[1]]),
        stored(recent="yesterday"),
        stored(incarnation=None),
    ],
)
def test_a_damaged_one_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="damaged checkpoint"):
        Checkpoint.loads(body)


def test_one_of_a_later_form_is_refused() -> None:
    with pytest.raises(Refused, match="form 2"):
        Checkpoint.loads(stored(v=2))
