"""What an answer to an invocation means, and who gave it: the function, or OpenFaaS in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from schemas.errors import Reject, Retry, Unavailable
from sinks.answers import judge, silence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.errors import DeliveryError, Unreachable

By = Literal["accepted", "function", "gateway", "silence"]
"""Nobody failed; or whose failure it is: the function's, the gateway's (or another core part's), nobody's known."""

# Marks answers that no function gave; "gateway" on a 502: the gateway has nobody behind it.
_INTERNAL: Final = "x-openfaas-internal"


class Verdict(NamedTuple):
    """The outcome of one invocation; ``error`` is None when it was accepted."""

    by: By
    error: DeliveryError | None = None


ACCEPTED: Final = Verdict("accepted")


def of_function(function: str, status: int, headers: Mapping[str, str]) -> Verdict:
    """The verdict on an answer to a call of a function, straight or by callback.

    What a core part of OpenFaaS answered in the function's place is no function's word on the event, so it is tried
    again, whatever the status.
    """
    verdict = judge(status, headers)
    internal = headers.get(_INTERNAL)
    if verdict is None:
        return ACCEPTED
    reason = f"{function} {verdict.reason}"
    if internal == "gateway" and status == 502:
        return Verdict("gateway", Unavailable(f"the gateway has no provider: {reason}", status=verdict.status))
    by: By = "function" if internal is None else "gateway"
    if isinstance(verdict, Retry):
        return Verdict(by, Retry(reason, status=verdict.status, after=verdict.after))
    if internal is not None:
        return Verdict(by, Retry(f"{reason}, not by the function itself", status=verdict.status))
    return Verdict(by, Reject(reason, status=verdict.status))


def of_queue(function: str, status: int, headers: Mapping[str, str]) -> Verdict:
    """The verdict on the gateway's answer to the queueing of a call; no function has seen it yet."""
    by, error = of_function(f"the queue of {function}", status, headers)
    return Verdict("gateway" if by == "function" else by, error)


def of_silence(error: Unreachable) -> Verdict:
    """The verdict on no answer at all."""
    return Verdict("silence", silence(error))


def of_no_callback(function: str, seconds: float) -> Verdict:
    """The verdict on a call that was queued, and of which nobody said what became of it."""
    return Verdict("silence", Retry(f"{function} was queued, and nobody called back within {seconds:g} s"))
