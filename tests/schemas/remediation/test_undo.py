from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schemas.keys import keyring
from schemas.remediation.model import InvalidRemediation
from schemas.remediation.signature import Unsigned
from schemas.remediation.undo import Undo, source
from tests.streams.guard.asking import NOW, entity, request

if TYPE_CHECKING:
    from schemas.remediation.request import Request

RING = keyring([b"k" * 44])
SOURCE = source("dc")


def carrying(given: Undo, *, caused: dict[str, Any] | None = None, **said: Any) -> Request:
    """What a sink makes of the event that asks for an undo."""
    named: dict[str, Any] = {"source": SOURCE, "id": given.event, "time": given.at} | (caused or {})
    return request(named.pop("id"), caused=named, undo=given, requester=given.person, **said)


def undo(**said: Any) -> Undo:
    """What takes the action of ``request`` back."""
    given = {
        "id": "0123456789abcdef",
        "sink": "act",
        "action": "power-on",
        "entity": "vc1/vm-1",
        "before": {"runtime.powerState": "poweredOff"},
        "person": "cli/anna",
        "at": NOW,
    }
    return Undo.model_validate(given | said)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "f" * 16},
        {"sink": "other"},
        {"action": "power-off"},
        {"entity": "vc1/vm-2"},
        {"before": {}},
        {"person": "cli/eve"},
        {"reason": "why"},
        {"at": NOW + 1},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_every_member_is_signed(changed: dict[str, Any]) -> None:
    signed = undo().signed(RING)
    signed.verify(RING)
    with pytest.raises(Unsigned):
        signed.model_copy(update=changed).verify(RING)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"on": entity(2)}, "what it takes back was done to something else"),
        ({"sink": "other"}, "done by another sink"),
        ({"action": "power-off"}, "another action of that sink"),
    ],
)
def test_it_takes_back_what_was_done_and_nothing_else(asked: dict[str, Any], reason: str) -> None:
    """An action that reads the state which another one had found would do anything."""
    undo().check(carrying(undo()), SOURCE)
    with pytest.raises(InvalidRemediation, match=reason):
        undo().check(carrying(undo(), **asked), SOURCE)


def test_it_is_never_a_part_of_what_an_event_asks_for() -> None:
    with pytest.raises(ValueError, match="of an undo"):
        carrying(undo(), part=1, parts=1)


@pytest.mark.parametrize(
    ("caused", "reason"),
    [
        ({"id": "0123456789abcdef/undo/2"}, "an undo in an event that is not its own"),
        ({"source": "/webhook"}, "an undo in an event that is not its own"),
        ({"time": None}, "an undo in an event that is not its own"),
        ({"time": NOW + 3600}, "signed at another time than its event says"),
        ({"time": NOW - 0.1}, "signed at another time than its event says"),
    ],
)
def test_a_copy_in_another_event_is_not_believed(caused: dict[str, Any], reason: str) -> None:
    """It would be decided on once more, or be young for ever."""
    with pytest.raises(InvalidRemediation, match=reason):
        undo().check(carrying(undo(), caused=caused), SOURCE)
