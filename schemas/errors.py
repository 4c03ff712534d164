"""The error tree. An error is an instruction: its class says what the caller does next.

ReflexarcError                 a failure with a sentence for the operator; exit code 1
├── ConfigError                the operator's file is wrong: fix it, start again; exit code 2
├── Unreachable                nobody answered (broker, vCenter, gateway): wait, try again; exit code 3
├── Refused                    the other side said no (credentials, ACL, drift): a person must act; exit code 4
├── InvalidEvent               these bytes are not a CloudEvent: keep them, tell the sender or dead-letter
└── DeliveryError              what a connector tells the delivery engine about one event
    ├── Retry                  not now: try the same event again, after the given pause
    ├── Reject                 never: dead-letter the event with this reason
    └── Unavailable            the sink itself is away: wait for it, no event is to blame
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class ReflexarcError(Exception):
    """A failure that an operator reads: one sentence of what is wrong, one of what cures it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, cure: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.message} ({self.cure})" if self.cure else self.message


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a configuration file.

    Attributes:
        where: dotted path of the field, such as ``vcenters.vc1.url``.
        what: what is wrong with it.
        cure: what to write instead.
        line: 1-based line in the file, when it is known.
        file: the file, when it is another than the one that the problems are reported for.
    """

    where: str
    what: str
    cure: str
    line: int | None = None
    file: str | None = None


class ConfigError(ReflexarcError):
    """The configuration cannot be used; every problem found is listed at once."""

    exit_code = 2

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        count = len(problems)
        super().__init__(f"{source}: {count} problem{'s' if count != 1 else ''}")
        self.source = source
        self.problems = tuple(problems)


class Unreachable(ReflexarcError):  # noqa: N818 - reads as the state it names
    """Nobody answered; the same call may succeed later."""

    exit_code = 3


class Refused(ReflexarcError):  # noqa: N818 - reads as the state it names
    """The other side answered no; trying again without a change is useless."""

    exit_code = 4


class InvalidEvent(ReflexarcError):  # noqa: N818 - reads as the state it names
    """Bytes or attributes that are not a CloudEvent 1.0; the message names the attribute at fault."""


class DeliveryError(ReflexarcError):
    """What a connector says about one event.

    Args:
        reason: one sentence, free of secrets; ends up in the dead letter.
        status: the protocol's own code, such as an HTTP status, when there is one.
    """

    def __init__(self, reason: str, *, status: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Retry(DeliveryError):  # noqa: N818 - an instruction
    """Try the same event again, ``after`` seconds from now when the sink named a pause."""

    def __init__(self, reason: str, *, status: str | None = None, after: float | None = None) -> None:
        super().__init__(reason, status=status)
        self.after = after


class Reject(DeliveryError):  # noqa: N818 - an instruction
    """No attempt will ever succeed: dead-letter the event."""


class Unavailable(DeliveryError):  # noqa: N818 - an instruction
    """The sink is away; wait for it. No attempt is counted against the event."""
