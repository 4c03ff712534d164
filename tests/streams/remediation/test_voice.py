"""What a role says gets somewhere, or is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas import topics
from streams.commands import wording
from streams.remediation.voice import Voice
from tests.streams.guard.asking import NOW, request
from tests.streams.remediation.test_replies import asked

if TYPE_CHECKING:
    import pytest

    from schemas.remediation.request import Request


def told(voice: Voice, of: Request) -> list[str]:
    """Topics that hear of an end."""
    return [each.topic for each in voice.told("succeeded", of, at=NOW, more={})]


def test_whoever_has_asked_hears_it_beside_the_audit() -> None:
    voice = Voice("p", topics.DECIDE, ("chat",))
    assert ["p.audit", "p.sink.chat"] == told(voice, asked())
    assert ["p.audit"] == told(voice, request())


def test_a_sink_that_answers_no_more_hears_nothing_and_the_log_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    """Its topic may be gone, and the right to write there: a decision must not wait for it."""
    for answering in (("chat2",), ()):
        voice, of = Voice("p", topics.DECIDE, answering), asked()
        assert of.errand is not None
        assert ["p.audit"] == told(voice, of)
        assert ((), ()) == (
            voice.replied("progress", of, at=NOW, more={}),
            voice.said(of.errand, wording.answer("yes"), step="answered", at=NOW),
        )
        assert not voice.reaches(of.errand)
    assert 2 == len(caplog.records)
