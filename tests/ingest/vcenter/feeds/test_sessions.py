from __future__ import annotations

import orjson
import pytest

from ingest.vcenter.feeds import sessions
from ingest.vcenter.feeds.sessions import OwnSessions
from tests.ingest.vcenter.events import event


def about(session: str) -> bytes:
    return orjson.dumps({"Key": 1, "SessionId": session})


@pytest.fixture
def own() -> OwnSessions:
    own = OwnSessions()
    own.add("52-a")
    return own


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (about("52-a"), True),
        (about("52-b"), False),
        (about(""), False),
        (b'{"Info":{"SessionId":"52-a"}}', False),
        (orjson.dumps({"FullFormattedMessage": '"SessionId":"52-a"'}), False),
        (b'{"SessionId":null,"Message":"52-a"}', False),
    ],
)
def test_only_the_session_that_an_event_is_about_counts(own: OwnSessions, data: bytes, *, expected: bool) -> None:
    assert expected is own.own(event(1, data=data))


def test_a_session_without_a_key_is_none() -> None:
    own = OwnSessions()
    own.add("")
    assert not own.own(event(1, data=about("")))


def test_the_oldest_sessions_are_forgotten(own: OwnSessions) -> None:
    for number in range(sessions.REMEMBERED):
        own.add(f"new-{number}")
    assert not own.own(event(1, data=about("52-a")))
    assert own.own(event(1, data=about("new-0")))
