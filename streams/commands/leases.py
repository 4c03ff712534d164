"""What the owner of a machine hears when its lease comes to an end; nobody has asked."""

from __future__ import annotations

from typing import Literal

from streams.commands.wording import Wording, answer

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
            text = f"{where}: its lease has ended, it was powered off. Without a longer one quarantine follows {until}."
            return answer(text, _longer(vm, vcenter))
        case "quarantined":
            return answer(f"{where}: its lease has ended, and it is in quarantine. It may be deleted from {until} on.")


def _longer(vm: str, vcenter: str) -> str:
    return f"lease\n{vcenter}:{vm}\n14d"
