from __future__ import annotations

import pytest

from clients.kafka.place import Place, Stored
from schemas.config.redact import _Memory, remember
from streams.trail.entry import Entry
from tests.streams.trail.entries import other, step

PLACE = Place("dc.audit", 1, 7)


def test_a_step_of_an_action_says_who_what_and_why() -> None:
    """What people look for is found, whichever role has told it."""
    entry = step("refused", reason="too many", approver="cli/anna")
    assert ("remediation.refused", "refused", "power-on", "too many") == (
        entry.kind,
        entry.step,
        entry.action,
        entry.reason,
    )
    assert (("web-1", "vc1/vm-1"), ("cli/anna", "sink/act")) == (entry.entity, entry.actors)
    assert 16 == len(entry.action_id)


def test_what_is_about_no_entity_is_about_its_subject() -> None:
    """A sink, for example; and no action has an id there."""
    entry = other()
    assert (("functions",), ("eve@noc",), "") == (entry.entity, entry.actors, entry.action_id)


@pytest.mark.parametrize("value", [None, b"", b"{}", b"\xff\xfe"])
def test_what_is_no_event_is_shown_as_such(value: bytes | None) -> None:
    """Somebody has written it who is none of us: it must not end the reading, nor hide."""
    entry = Entry.of(PLACE, Stored(None, value, (), 1_000))
    assert ("audit.unreadable", "dc.audit/1/7", "1970-01-01T00:00:01+00:00") == (
        entry.kind,
        entry.subject,
        entry.time.isoformat(),
    )
    assert entry.reason


@pytest.mark.parametrize("data", [b"[1]", b"null", b'{"entity": 1, "reason": {}, "actionId": 2}', b"\xff"])
def test_data_of_another_form_say_nothing(data: bytes) -> None:
    """Nobody has promised what others write into their data."""
    headers = [("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"/x"), ("ce_type", b"t")]
    entry = Entry.of(PLACE, Stored(None, data, headers, 0))
    assert ("t", "", "", ("dc.audit/1/7",)) == (entry.type, entry.reason, entry.action_id, entry.entity)


def test_a_known_secret_is_blanked_before_anything_is_made_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a format would escape a part of it."""
    monkeypatch.setattr("schemas.config.redact._MEMORY", _Memory())
    remember("pass=word|x", owner="test")
    assert "said **********" == other(reason="said pass=word|x").reason
