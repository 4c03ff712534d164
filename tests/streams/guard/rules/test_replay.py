from __future__ import annotations

import pytest

from streams.guard.rules import replay
from tests.streams.guard.asking import question, request, sink


@pytest.mark.parametrize(
    ("replayed", "taken", "refused"),
    [(False, False, False), (False, True, False), (True, False, True), (True, True, False)],
)
def test_replayed_events_are_refused_unless_the_sink_takes_them(*, replayed: bool, taken: bool, refused: bool) -> None:
    asked = request(caused={"replayed": replayed})
    reason = replay.check(question(asked, sink=sink(replayed=taken)))
    assert refused == (reason is not None and "replayed: true" in reason)
