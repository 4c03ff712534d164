"""What is known of a command when somebody tells how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from streams.commands.placement import instant

if TYPE_CHECKING:
    from collections.abc import Mapping


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

    @classmethod
    def of(
        cls,
        *,
        verb: str,
        id: str,  # noqa: A002 - the attribute
        vm: str,
        vcenter: str,
        said: str,
        until: str = "",
        parameters: Any,
        more: Any,
    ) -> Self:
        """What the audit says of a step.

        Args:
            verb: as the attribute, like the next ones.
            id: likewise.
            vm: likewise.
            vcenter: likewise.
            said: likewise.
            until: where the step does not say, and the parameters are not to.
            parameters: what the action was told.
            more: what is told of the step itself.
        """
        told, known = _object(parameters), _object(more)
        expires, percent = known.get("expires"), known.get("percent")
        ends = instant(float(expires)) if isinstance(expires, int | float) and expires else ""
        return cls(
            verb=verb,
            id=id,
            vm=vm,
            vcenter=vcenter,
            said=said,
            source=_text(told, "source"),
            reason=_text(known, "reason"),
            rule=_text(known, "rule"),
            changes=tuple(map(str, known.get("changes") or ())),
            until=ends or until or _text(told, "lease"),
            approver=_text(known, "approver"),
            percent=percent if isinstance(percent, int) else None,
        )

    @property
    def subject(self) -> str:
        """What it is about, at the beginning of a sentence."""
        return f"VM {self.vm}" if self.vm else f"Command {self.id}"


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""
