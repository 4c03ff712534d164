"""What the owner of a machine hears when its lease comes to an end; nobody has asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from schemas.config.commands.verbs import UNTYPED
from streams.commands.wording import Wording, answer

if TYPE_CHECKING:
    from streams.commands.facts import Facts
    from streams.commands.wording import Step

END, QUARANTINE = UNTYPED
"""Verbs of what is done then."""

Stage = Literal["ending", "ended", "quarantined"]


def notice(stage: Stage, *, vm: str, vcenter: str, until: str) -> Wording:
    """What is said of a lease.

    Args:
        stage: it will end; it has ended, and the machine is off; the machine has gone to quarantine.
        vm: name of the machine.
        vcenter: where it is.
        until: RFC 3339: the end of the lease; when it goes to quarantine; when it may be deleted.
    """
    where = f"VM {vm} in {vcenter}"
    match stage:
        case "ending":
            text = f"{where}: its lease ends {until}. Without a longer one it is powered off then."
            return answer(text, _longer(vm, vcenter))
        case "ended":
            text = f"{where}: its lease has ended, it is powered off. Without a longer one quarantine follows {until}."
            return answer(text, _longer(vm, vcenter))
        case "quarantined":
            return answer(f"{where}: its lease has ended, and it is in quarantine. It may be deleted from {until} on.")


def reply(step: Step, facts: Facts) -> Wording | None:
    """What the owner hears of what is done then; None where that is said as of any command.

    Args:
        step: as the audit calls it.
        facts: with ``until``: when what follows is due.
    """
    if facts.verb not in UNTYPED:
        return None
    if step == "succeeded":
        stage: Stage = "ended" if facts.verb == END else "quarantined"
        return notice(stage, vm=facts.vm, vcenter=facts.vcenter, until=facts.until)
    if step not in {"refused", "failed"}:
        return None
    what = "it is not powered off" if facts.verb == END else "it is not put into quarantine"
    why = f" ({facts.rule})" if facts.rule else ""
    text = f"VM {facts.vm} in {facts.vcenter}: its lease has ended, and {what}: {facts.reason}{why}."
    return answer(f"{text} This is tried again a day later.", _longer(facts.vm, facts.vcenter))


def _longer(vm: str, vcenter: str) -> str:
    return f"lease\n{vcenter}:{vm}\n14d"
