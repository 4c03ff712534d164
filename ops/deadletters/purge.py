"""Letters that were re-driven or dropped leave Kafka."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from clients.kafka.deletion import delete_before
from schemas import topics
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from ops.deadletters.desk import Desk
    from schemas.config import KafkaConfig

log = logging.getLogger(__name__)


def purge(config: KafkaConfig, name: str, desk: Desk) -> int | None:
    """Delete the beginning of each partition, up to the first letter that is not settled; for good.

    Kafka deletes beginnings only: what was settled behind an open letter stays until that one is settled, too. The
    desk's counts leave out what was deleted. Where Kafka will not do it the letters stay, which does no harm: a warning
    says why.

    Args:
        config: the ``kafka`` part of the configuration.
        name: whose letters they are: a sink, ``ingest`` or ``router``.
        desk: opened after the last of them was settled.

    Returns:
        How many letters were deleted; None where that is not known.
    """
    settled = desk.settled
    try:
        delete_before(config, topics.dead_letter(config.prefix, name), settled)
    except ReflexarcError as error:
        log.warning("settled letters stay, and the next run deletes them: %s", error)
        return None
    return desk.forget(settled)
