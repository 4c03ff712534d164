from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.control import InvalidControl, Pause, note
from schemas.heartbeat import Heartbeat, Worker, digest, worker_of

BEAT = Heartbeat(seen=digest(b"record"), at=datetime(2026, 1, 2, 12, tzinfo=UTC))


def test_a_heartbeat_comes_back_as_it_was() -> None:
    """What is stored is what was said."""
    assert BEAT == Heartbeat.decode(BEAT.encode())


@given(st.sampled_from(["decide", "execute"]), st.text(st.characters(codec="utf-8"), min_size=1, max_size=50))
def test_a_key_names_its_worker(role: str, instance: str) -> None:
    """Whatever an instance is called, also with slashes."""
    worker = Worker(role, instance)
    assert worker == worker_of(worker.key)


@pytest.mark.parametrize("key", [None, b"", b"sink/a", b"remediation", b"worker/", b"worker/decide", b"worker/\xff/a"])
def test_other_keys_name_no_worker(key: bytes | None) -> None:
    """The topic holds more than workers."""
    assert None is worker_of(key)


def test_one_record_has_one_digest_and_nothing_has_none() -> None:
    """A worker that has seen a pause has not seen the next one with the same words."""
    assert digest(b"a") == digest(b"a") != digest(b"b")
    assert "" == digest(None)


@pytest.mark.parametrize("value", [b"", b"[]", b'{"v":2}', b'{"v":1,"seen":""}'])
def test_what_is_none_is_refused(value: bytes) -> None:
    """A newer form may mean something else."""
    with pytest.raises(InvalidControl):
        Heartbeat.decode(value)


def test_who_follows_paused_sinks_passes_it_by() -> None:
    """The word of a worker pauses nothing."""
    pauses: dict[str, Pause] = {}
    note(pauses, Worker("decide", "a").key, BEAT.encode())
    assert {} == pauses
