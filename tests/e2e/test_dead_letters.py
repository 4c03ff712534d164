"""What cannot be delivered is kept with its original bytes, and holds up nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from tests.support import topics
from tests.support.flow import SUBJECT, Flow, wait

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

# Not UTF-8 and not tidy JSON: whatever touches it on the way is found out.
POISON = b'{"poison" :\xc3\x28 1.0}'


@pytest.fixture
def flow(stack: Status, tmp_path: Path, prefix: str) -> Flow:
    return Flow(tmp_path, stack, prefix, receiver=("--refuse", "poison"), sink={"retry": 1, "backoff_delay": "10ms"})


def test_a_poison_event_is_kept_byte_for_byte_with_its_reason_and_the_others_pass(flow: Flow) -> None:
    with flow:
        for role in ("router", "deliver"):
            flow.start(role)
        before = flow.produce(5)
        (poisoned,) = flow.produce(1, data=POISON, first=5)
        behind = flow.produce(5, first=6)
        assert set(before + behind) == set(flow.settled(before + behind))
        topic = f"{flow.prefix}.dlq.events"
        wait(lambda: topics.ends(flow.bootstrap, topic) == 1)
        (letter,) = topics.everything(flow.bootstrap, topic)
        (original,) = [
            record
            for record in topics.everything(flow.bootstrap, f"{flow.prefix}.sink.events")
            if record.value() == POISON
        ]
        headers = letter.headers()
        count = len(original.headers())
        reasons = dict(headers[count:])
        assert (POISON, original.key(), original.headers()) == (letter.value(), letter.key(), headers[:count])
        assert poisoned.encode() == dict(headers)["ce_id"]
        assert (b"400", b"1") == (reasons["reflexarc_status"], reasons["reflexarc_attempts"])
        assert b"400" in reasons["reflexarc_error"]


def test_bytes_that_are_no_event_are_kept_by_the_router(flow: Flow) -> None:
    with flow:
        producer = Producer({"bootstrap.servers": flow.bootstrap})
        producer.produce(f"{flow.prefix}.events", b"\x00\xffgarbage", b"key", headers=[("x", None), ("y", b"\xff")])
        assert producer.flush(30) == 0
        flow.start("router")
        topic = f"{flow.prefix}.dlq.router"
        wait(lambda: topics.ends(flow.bootstrap, topic) == 1)
        (letter,) = topics.everything(flow.bootstrap, topic)
        assert (b"\x00\xffgarbage", b"key", [("x", None), ("y", b"\xff")]) == (
            letter.value(),
            letter.key(),
            letter.headers()[:2],
        )
        assert b"ce_specversion" in dict(letter.headers())["reflexarc_error"]
        assert SUBJECT not in str(letter.headers())
