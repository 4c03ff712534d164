from __future__ import annotations

from typing import Any, cast

import pytest

from schemas.errors import ReflexarcError
from schemas.remediation.decision import Decision
from streams.remediation.kept import Kept
from streams.transport.lease import Revoked
from tests.streams.guard.decided import approved, refused
from tests.streams.remediation.changelog import App, stored


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
    kept(app)
    app.stored[b"3/%s" % approved(1).id.encode()] = b'{"v": 1}'
    with pytest.raises(ReflexarcError, match=f"p.decisions-changelog: .* 3/{approved(1).id} id: Field req") as caught:
        await app.recover()
    assert "without a value" in (caught.value.cure or "")
