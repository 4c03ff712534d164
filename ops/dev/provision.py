"""Choosing the program that provides a component on this machine, and getting it ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.dev.catalogue import SERVICES, variants
from ops.dev.external import adopt
from ops.dev.kafka_node import brokers_of
from ops.dev.member import Member
from ops.dev.service import Unobtainable
from ops.dev.state import Record, component_folder
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ops.dev.plan import Wanted
    from ops.dev.service import Report


def provide(state: Path, cache: Path, wanted: Wanted, *, secure: bool, report: Report) -> None:
    """Have the component run: the user's own, ours as it runs already, or the best that can be had here.

    Raises:
        ReflexarcError: it did not start, or it is a secure broker or a cluster that cannot be had, or Kafka's data were
            made with another security or number of nodes.
    """
    present = find(state, wanted.name)
    if wanted.external:
        if present:
            present.stop(report)
        record = adopt(state, cache, wanted)
        record.write(state)
        report(f"{wanted.name}: yours, {record.endpoint}")
        return
    if present:
        _check_security(present, secure=secure)
    brokers = _brokers(present, wanted.brokers, component_folder(state, wanted.name))
    choices = variants(wanted.kind, secure=secure, brokers=brokers)
    if present is None or not present.runs():
        record = _choose(state, wanted, choices, cache, report)
        record.write(state)
        present = Member(state, record)
    present.start(report)


def find(state: Path, name: str) -> Member | None:
    """The component of that name, when the stack has had it before."""
    record = Record.read(state, name)
    return Member(state, record) if record else None


def retire(state: Path, components: Sequence[Wanted], report: Report) -> None:
    """Drop what is not wanted any more: simulators that the user's own vCenters replace, or the reverse."""
    kinds = {wanted.kind for wanted in components}
    names = {wanted.name for wanted in components}
    for record in Record.read_all(state):
        if record.kind in kinds and record.name not in names:
            Member(state, record).stop(report)
            record.forget(state)


def _choose(state: Path, wanted: Wanted, choices: Sequence[str], cache: Path, report: Report) -> Record:
    """The first of ``choices`` that can be had, ready to start; why a better one cannot is said in one line."""
    reasons: list[str] = []
    for variant in choices:
        record = Record(wanted.name, wanted.kind, variant, str(cache), note="; ".join(reasons))
        service = Member(state, record).service
        try:
            if service:
                service.prepare(report)
        except Unobtainable as error:
            if wanted.kind == "kafka" and variant == choices[-1]:
                raise
            reasons.append(error.message)
            continue
        if reasons and service:
            report(f"{wanted.name}: {record.note}; instead {service.note}")
        return record
    note = "; ".join(reasons)
    report(f"{wanted.name}: not run: {note}")
    return Record(wanted.name, wanted.kind, "absent", str(cache), note=note)


def _check_security(present: Member, *, secure: bool) -> None:
    """Security is built into a broker's data folder."""
    variant = present.record.variant
    if variant in SERVICES and present.record.kind == "kafka" and secure != variant.endswith("-secure"):
        raise _made(f"with{'out' if secure else ''} --secure", present.folder)


def _brokers(present: Member | None, wanted: int | None, folder: Path) -> int:
    """How many nodes to have; the number is built into the data folders, and into a stand-in that runs."""
    made = brokers_of(folder) or (1 if present and present.service else wanted or 1)
    if wanted not in (None, made):
        raise _made(f"with {made} broker{'s' if made > 1 else ''}", folder)
    return made


def _made(how: str, folder: Path) -> ReflexarcError:
    return ReflexarcError(
        f"the Kafka of this stack was made {how}",
        cure=f"choose another --state, or run reflexarc dev down and remove {folder}",
    )
