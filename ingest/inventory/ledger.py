"""What stands in the inventory topic, so that only what differs is written."""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING, Final

from clients.kafka.compacted import Compacted
from clients.kafka.record import Outgoing
from schemas import inventory, topics
from schemas.inventory import NOBODY, EntityRecord, InvalidInventory

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import KafkaConfig

LOOK: Final = 0.5
"""Seconds between two looks whether to stop."""

UNREADABLE: Final = b""
"""In the place of a digest: it differs from everything."""


class Ledger:
    """The records of one vCenter.

    Args:
        vcenter: its configured name.
        topic: name of the topic.
        digests: of what stands there, by moref.
    """

    def __init__(self, vcenter: str, topic: str, digests: dict[str, bytes]) -> None:
        self._vcenter = vcenter
        self._topic = topic
        self._digests = digests

    def morefs(self) -> set[str]:
        """Entities that have a record."""
        return set(self._digests)

    def outgoing(self, moref: str, record: EntityRecord | None) -> Outgoing | None:
        """What must be written so that the topic says ``record``; a tombstone for None, and None for nothing.

        Raises:
            InvalidInventory: it is too large.
        """
        known = self._digests.get(moref)
        if (known is None) if record is None else (known == record.digest()):
            return None
        key = inventory.key(self._vcenter, moref).encode()
        return Outgoing(self._topic, None if record is None else record.encode(), key)

    def stored(self, moref: str, record: EntityRecord | None) -> None:
        """It has been written."""
        if record is None:
            self._digests.pop(moref, None)
        else:
            self._digests[moref] = record.digest()


def written(config: KafkaConfig, *, stopped: Callable[[], bool]) -> dict[str, dict[str, bytes]]:
    """The digest of each record of the topic, by vCenter and moref; ``NOBODY`` stands for a heartbeat.

    Ends early when ``stopped``, which is asked twice a second.

    Raises:
        Unreachable: the brokers are away.
        Refused: an ACL is missing.
    """
    found: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
    topic = topics.inventory(config.prefix)
    client_id = topics.group(config.prefix, topics.INGEST_INVENTORY)
    with closing(Compacted(config, topic, client_id=client_id)) as reader:
        while not reader.complete and not stopped():
            for message in reader.read(LOOK):
                place = inventory.split((message.key() or b"").decode(errors="replace"))
                if place is None:
                    continue
                vcenter, moref = place
                if message.value() is None:
                    found[vcenter].pop(moref, None)
                else:
                    found[vcenter][moref] = UNREADABLE if moref == NOBODY else _digest(message.value() or b"")
    return found


def _digest(value: bytes) -> bytes:
    try:
        return EntityRecord.decode(value).digest()
    except InvalidInventory:
        return UNREADABLE
