from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from confluent_kafka import Producer

from schemas.errors import ReflexarcError
from schemas.remediation.decision import Decision
from streams.remediation.kept import Kept
from streams.transport.lease import Revoked
from tests.streams.guard.decided import approved, refused
from tests.streams.remediation.changelog import App, stored
from tests.streams.transport.apps import serving, until
from tests.support import topics

if TYPE_CHECKING:
    from streams.transport import Chunk
    from streams.transport.app import TransportApp


def kept(app: App) -> Kept[Decision]:
    return Kept(cast("Any", app), "decisions", "p.decisions-changelog", Decision, lambda decision: decision.id)


async def test_each_partition_is_left_what_was_stored_for_it() -> None:
    app = App()
    ours = kept(app)
    ours.put(3, approved(1))
    ours.put(3, approved(2))
    ours.put(4, refused(3))
    ours.forget(3, [approved(2).id])
    await app.recover()
    assert ([approved(1)], [refused(3)], []) == (ours.left(3), ours.left(4), ours.left(5))


async def test_what_was_left_is_given_once_and_again_when_partitions_have_come_anew() -> None:
    """Empty-handed nobody begins: who asks a second time would decide without a memory."""
    app = App()
    ours = kept(app)
    app.stored.update([stored(3, approved(1))])
    await app.recover()
    ours.left(3)
    ours.left(4)
    for number in (3, 4):
        with pytest.raises(Revoked):
            ours.left(number)
    await app.recover()
    assert ([approved(1)], []) == (ours.left(3), ours.left(4))


async def test_what_cannot_be_read_any_more_is_named_with_what_to_do() -> None:
    app = App()
    ours = kept(app)
    app.stored[b"3/%s" % approved(1).id.encode()] = b'{"v": 1}'
    await app.recover()
    with pytest.raises(ReflexarcError, match=f"p.decisions-changelog: .* 3/{approved(1).id} id: Field req") as caught:
        ours.left(3)
    assert "without a value" in (caught.value.cure or "")


@pytest.mark.stack
async def test_on_a_broker_a_restart_finds_what_was_stored(kafka: str, prefix: str) -> None:
    changelog, group = f"{prefix}.decide-decisions-changelog", f"{prefix}.decide"
    topics.create(kafka, f"{prefix}.requests", partitions=1)
    topics.create(kafka, changelog, partitions=1, **{"cleanup.policy": "compact"})
    found: list[list[Decision]] = []
    for number, stored_now in enumerate(((approved(1), refused(2), approved(3)), (), ()), 1):
        made: list[Kept[Decision]] = []

        async def take(chunk: Chunk, made: list[Kept[Decision]] = made, new: Any = stored_now) -> None:
            async with chunk.lease.work():
                found.append(made[0].left(0))
                for each in new:
                    made[0].put(0, each)
                made[0].forget(0, [approved(3).id])
                chunk.lease.done_all(record.offset for record in chunk.records)

        def declare(app: TransportApp, made: list[Kept[Decision]] = made, take: Any = take) -> None:
            made.append(Kept(app, "decisions", changelog, Decision, lambda decision: decision.id))
            app.consume(f"{prefix}.requests", "requests", take)

        async with serving(kafka, group, declare):
            producer = Producer({"bootstrap.servers": kafka})
            producer.produce(f"{prefix}.requests", b"{}")
            assert 0 == producer.flush(30)
            await until(lambda expected=number: len(found) == expected)  # type: ignore[misc]
    assert [[], [approved(1), refused(2)], [approved(1), refused(2)]] == [
        sorted(each, key=lambda decision: decision.id) for each in found
    ]
