"""What happened long ago, or nobody knows when, is not acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config.units import format_duration

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse an event that is too old, has no time, or is of a clock that is not known well enough.

    The time of a vCenter's event is by the vCenter's clock, so ``clock_offset`` is taken from it; any other sender's
    is taken as it is. Either may lie in the future by ``max_clock_offset``, not more.
    """
    request, limits = question.request, question.limits
    cause, offset, most = request.cause, request.clock_offset, limits.general.max_clock_offset
    if offset is None and cause.vcenter is not None:
        return f"the clock of {cause.vcenter} has not been measured yet; have `reflexarc ingest vcenter` run"
    # Every limit is written so that what is not a number does not pass it.
    if offset is not None and not abs(offset) <= most:
        return f"the vCenter's clock is {offset:+.0f}s from ours, {_seconds(most)} are allowed; set it right (NTP)"
    if cause.time is None:
        return "the event does not say when it happened"
    age = question.now - cause.time + (offset or 0.0 if cause.vcenter is not None else 0.0)
    if not age >= -most:
        return (
            f"the event is {-age:.0f}s ahead of our clock, {_seconds(most)} are allowed; set its sender's clock right"
        )
    if not age <= limits.max_age:
        return f"the event is {age:.0f}s old, {_seconds(limits.max_age)} are allowed (max_age)"
    return None


def _seconds(seconds: float) -> str:
    return format_duration(seconds)
