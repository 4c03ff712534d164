from __future__ import annotations

from datetime import UTC, datetime

from clients.kafka.record import Outgoing
from ingest.inventory.ledger import UNREADABLE, Ledger
from schemas.inventory import EntityRecord

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def entity(name: str, read: datetime = NOON) -> EntityRecord:
    return EntityRecord(
        kind="Folder",
        name=name,
        folder="",
        cluster=None,
        resource_pool=None,
        tags=(),
        attributes=(),
        host_name=None,
        read=read,
    )


def test_only_what_differs_is_written() -> None:
    ledger = Ledger("vc1", "inventory", {})
    assert Outgoing("inventory", entity("a").encode(), b"vc1/f-1") == ledger.outgoing("f-1", entity("a"))
    ledger.stored("f-1", entity("a"))
    assert None is ledger.outgoing("f-1", entity("a", NOON.replace(hour=13)))
    assert None is not ledger.outgoing("f-1", entity("b"))


def test_what_was_not_stored_is_written_again() -> None:
    ledger = Ledger("vc1", "inventory", {})
    assert ledger.outgoing("f-1", entity("a")) == ledger.outgoing("f-1", entity("a"))


def test_what_is_gone_gets_one_tombstone() -> None:
    ledger = Ledger("vc1", "inventory", {"f-1": entity("a").digest()})
    assert Outgoing("inventory", None, b"vc1/f-1") == ledger.outgoing("f-1", None)
    ledger.stored("f-1", None)
    assert None is ledger.outgoing("f-1", None)
    assert set() == ledger.morefs()


def test_a_record_that_could_not_be_read_is_written_anew() -> None:
    assert None is not Ledger("vc1", "inventory", {"f-1": UNREADABLE}).outgoing("f-1", entity("a"))
