"""What may be taken back, by what the executor has signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from schemas.keys import keyring
from streams.commanding.begun import Begun
from streams.remediation.audit import told
from streams.remediation.executing.notebook import signature
from tests.streams.guard.asking import NOW
from tests.streams.remediation.test_replies import asked
from tests.streams.trail.entries import entry

if TYPE_CHECKING:
    from streams.trail.entry import Entry

RING = keyring([b"k" * 32])
BEFORE: dict[str, Any] = {"runtime.powerState": "poweredOff", "disks": [2.0, None]}


def started(ring: Any = RING, found: Any = None, **changed: Any) -> Entry:
    """What the audit hears when an action of anna's begins; ``changed`` behind the executor's back."""
    found = BEFORE if found is None else found
    more = {"before": found, **signature(asked(), found, ring)}
    (record,) = told("p", "execute", "started", asked(), at=NOW, more=more)
    return entry(record._replace(value=orjson.dumps(orjson.loads(record.value or b"") | changed)))


def test_what_the_executor_has_signed_can_be_taken_back() -> None:
    begun, of = Begun.of(started(), RING), asked()
    assert begun is not None
    assert of.entity is not None
    assert (of.id, of.sink, of.action, BEFORE, of.entity.key, "anna") == (
        begun.id,
        begun.sink,
        begun.action,
        begun.before,
        begun.entity.key,
        begun.person,
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"actionId": "f" * 16},
        {"sink": "command/clone"},
        {"action": "power-off"},
        {"parameters": {"other": 1}},
        {"before": {"mark": "0123456789abcdef"}},
        {"entity": {"vcenter": "vc1", "moref": "vm-2", "kind": "VirtualMachine", "name": "web-1"}},
        {"entity": {"vcenter": "vc1", "moref": "vm-1", "kind": "HostSystem", "name": "web-1"}},
        {"command": {"person": "eve"}},
        {"command": None},
        {"signature": {"key": RING[0].id, "code": "x"}},
        {"signature": None},
        {"signature": {"key": [], "code": {}}},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_somebody_else_has_written_into_the_audit_cannot(changed: dict[str, Any]) -> None:
    assert Begun.of(started(**changed), RING) is None


def test_without_a_key_or_with_another_nothing_can() -> None:
    other = keyring([b"o" * 32])
    assert [None] * 3 == [Begun.of(started(), ()), Begun.of(started(), other), Begun.of(started(()), RING)]


def test_what_has_found_nothing_is_not_signed() -> None:
    assert Begun.of(started(found={}), RING) is None
    assert {} == signature(asked(), {}, RING)
