"""A vCenter under another name: its position moves, so that it is neither read anew nor from now.

Ids of its events begin with the new name from then on; incarnation and keys stay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from ingest.vcenter.position.restore import restore
from ingest.vcenter.publishing.transaction import Transaction
from ingest.vcenter.sharing import absence
from schemas import topics
from schemas.errors import ConfigError, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.vcenter.position.checkpoint import Checkpoint
    from schemas.config import Config

STOP: Final = "stop every `ingest vcenter`, wait until its session has ended (10 s), then rename"


def rename(config: Config, old: str, new: str) -> Checkpoint:
    """Move the position of ``old`` to ``new``, in one transaction; returns it.

    Args:
        config: the whole configuration, in which the vCenter has its new name already.
        old: the name so far.
        new: the name from now on.

    Raises:
        ConfigError: the configuration knows the old name, or not the new one.
        Refused: an ingest is running, ``old`` has no position, or ``new`` has one.
        Unreachable: the brokers are away.
    """
    _check_names(config, old, new)
    absence.ensure(config.kafka, cure=STOP)
    producer = Transaction(
        config.kafka,
        client_id=topics.INGEST_VCENTER,
        transactional_id=topics.transactional_id(config.kafka.prefix, topics.INGEST_VCENTER),
        given_up=lambda: False,
    )
    try:
        producer.open()
        absence.ensure(config.kafka, cure=STOP)  # who joins after this undoes us before it reads
        moved = _moved(restore(config.kafka), old, new)
        checkpoints = topics.checkpoints(config.kafka.prefix)
        producer.commit([Outgoing(checkpoints, None, old.encode()), Outgoing(checkpoints, moved.dumps(), new.encode())])
    finally:
        producer.close()
    return moved


def _check_names(config: Config, old: str, new: str) -> None:
    problems = []
    if old in config.vcenters:
        problems.append(Problem(f"vcenters.{old}", "still has its old name", f"call it {new} there, too"))
    if new not in config.vcenters:
        problems.append(Problem("vcenters", f"has no {new}", f"call {old} {new} there first"))
    if problems:
        raise ConfigError("configuration", problems)


def _moved(known: Mapping[str, Checkpoint], old: str, new: str) -> Checkpoint:
    if new in known:
        raise Refused(
            f"vCenter {new} has a position of its own, of {known[new].time}",
            cure="choose a name that was never used",
        )
    if old not in known:
        raise Refused(f"vCenter {old} has no position", cure=f"known: {', '.join(sorted(known)) or 'none'}")
    return replace(known[old], vcenter=new)
