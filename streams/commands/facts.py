"""What is known of a command when somebody tells how far it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One command, and what has become of it.

    Attributes:
        verb: its verb.
        id: of the action; of what has led to none, of the command.
        vm: name of the machine; empty without one.
        vcenter: where that is; empty while nobody knows.
        said: the command as it was typed.
        source: of a clone: what it is made from.
        reason: in words, of whoever has decided or done it.
        rule: the guardrail that has refused or parked it.
        changes: what is to be changed, or was, in words; empty: nothing had to be. None while that is not known.
        until: RFC 3339: of a new machine the end of its lease, of one in quarantine when it may be deleted, of what
            waits for a yes when it no longer does; empty where there is none.
        approver: who has said yes or no.
        percent: how much of the task is done; None where nobody says.
    """

    verb: str
    id: str
    vm: str = ""
    vcenter: str = ""
    said: str = ""
    source: str = ""
    reason: str = ""
    rule: str = ""
    changes: tuple[str, ...] | None = None
    until: str = ""
    approver: str = ""
    percent: int | None = None

    @property
    def subject(self) -> str:
        """What it is about, at the beginning of a sentence."""
        return f"VM {self.vm}" if self.vm else f"Command {self.id}"
