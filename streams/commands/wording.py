"""What people hear of their commands, at every step, in words that who knew the seeds' gateway knows again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from schemas.commands.reply import LONGEST
from schemas.config.redact import Redactor
from streams.commands.success import success

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.commands.facts import Facts

Step = Literal[
    "acknowledged",
    "parked",
    "approved",
    "refused",
    "started",
    "progress",
    "planned",
    "succeeded",
    "failed",
    "unknown",
]

FAILED: Final = "Could not perform operation: "

ABSENT: Final = "no virtual machine is called "
"""How a search ends that has found none (``clients.vsphere.target``)."""


class Wording(NamedTuple):
    """What is said.

    Attributes:
        text: in words; secrets are not in it.
        code: what is shown in a fixed font below; may be empty.
        final: whether nothing follows.
        visible: to whoever has asked alone, or to all in the channel.
    """

    text: str
    code: str = ""
    final: bool = False
    visible: Literal["person", "channel"] = "person"


def reply(step: Step, facts: Facts) -> Wording:
    """What is said of a command at a step. Only ``succeeded`` says that something was done.

    Args:
        step: as the audit calls it, ``acknowledged`` or ``progress``.
        facts: what is known.
    """
    return _safe(_STEPS[step](facts))


def answer(text: str, code: str = "") -> Wording:
    """What is said at once, to whoever has asked alone, and nothing follows: an answer, or what was wrong.

    Args:
        text: not empty.
        code: shown in a fixed font.
    """
    return _safe(Wording(text, code, final=True))


def _acknowledged(facts: Facts) -> Wording:
    return Wording("ACK - Processing Command", facts.said)


def _parked(facts: Facts) -> Wording:
    until = f" until {facts.until}" if facts.until else ""
    why = f" ({facts.reason})" if facts.reason else ""
    text = f"{facts.subject}: {facts.verb} waits for the yes of another person{until}{why}."
    return Wording(text, f"approve {facts.id}\nrefuse {facts.id}", visible="channel")


def _approved(facts: Facts) -> Wording:
    by = f" by {facts.approver}" if facts.approver else ""
    return Wording(f"{facts.subject}: {facts.verb} was approved{by}.")


def _refused(facts: Facts) -> Wording:
    if facts.vm and facts.reason.startswith(ABSENT):
        return Wording(f"{FAILED}VM {facts.vm} does not exist", final=True)
    rule = f" ({facts.rule})" if facts.rule else ""
    by = f"{facts.approver} says no: " if facts.approver else ""
    return Wording(f"{FAILED}{by}{facts.reason or 'it was refused'}{rule}", final=True)


def _started(facts: Facts) -> Wording:
    return Wording(f"{facts.subject}: {facts.verb} has begun.", _changes(facts))


def _progress(facts: Facts) -> Wording:
    share = "" if facts.percent is None else f", {facts.percent} % of it done"
    return Wording(f"{facts.subject}: {facts.verb} is under way{share}.")


def _planned(facts: Facts) -> Wording:
    if facts.changes == ():
        return Wording(f"{facts.subject}: {facts.verb} would change nothing. This was a dry run.", final=True)
    return Wording(f"{facts.subject}: {facts.verb} would do this. This was a dry run.", _changes(facts), final=True)


def _succeeded(facts: Facts) -> Wording:
    if facts.changes == ():
        text = f"{facts.subject}: nothing was changed, it is as {facts.verb} wants it already."
        return Wording(text, final=True, visible="channel")
    return Wording(success(facts), final=True, visible="channel")


def _failed(facts: Facts) -> Wording:
    return Wording(f"{FAILED}{facts.reason or 'the vCenter does not say why'}", final=True, visible="channel")


def _unknown(facts: Facts) -> Wording:
    why = f": {facts.reason}" if facts.reason else ""
    text = f"{facts.subject}: nobody can tell whether {facts.verb} was done{why}. Look at it before you try again."
    return Wording(text, final=True, visible="channel")


def _changes(facts: Facts) -> str:
    return "\n".join(facts.changes or ())


def _safe(wording: Wording) -> Wording:
    redact = Redactor().redact
    return wording._replace(text=_cut(redact(wording.text)), code=_cut(redact(wording.code)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


_STEPS: Final[dict[Step, Callable[[Facts], Wording]]] = {
    "acknowledged": _acknowledged,
    "parked": _parked,
    "approved": _approved,
    "refused": _refused,
    "started": _started,
    "progress": _progress,
    "planned": _planned,
    "succeeded": _succeeded,
    "failed": _failed,
    "unknown": _unknown,
}
