"""Knative's delivery as the retry settings of a sink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schemas.config.units import LONGEST_SECONDS, format_duration

if TYPE_CHECKING:
    from ops.imports.part import Part
    from ops.imports.trigger_keys import DeliveryKeys
    from schemas.config.document import Document, Path

MOST_RETRIES: Final = 1000
SHORTEST: Final = 0.001
OUR_LONGEST: Final = 30.0
OUR_DELAY: Final = 0.2


def apply(keys: DeliveryKeys, part: Part, document: Document, at: Path) -> None:
    """Write ``delivery`` into the settings of a sink, and into its points what they cannot say.

    A sink of ours waits as the brokers of Knative's own library do: ``delay * 2^(n-1)`` before the n-th retry when the
    policy is exponential, ``delay * n`` when it is linear, but never longer than ``backoff_max``.
    """
    settings = part.settings
    if keys.retry is not None:
        settings["retry"] = min(keys.retry, MOST_RETRIES)
        if keys.retry > MOST_RETRIES:
            part.lost(document, (*at, "retry"), f"a sink retries {MOST_RETRIES} times at most")
    if keys.policy is not None:
        settings["backoff_policy"] = keys.policy
    if keys.delay is not None:
        settings |= _pauses(keys)
    if keys.longest is not None and keys.delay is None:
        settings["backoff_max"] = format_duration(max(keys.longest, OUR_DELAY))
    if keys.timeout is not None:
        settings["timeout"] = _duration(keys.timeout)
    if keys.retry_after is not None:
        settings["retry_after_max"] = _duration(keys.retry_after, shortest=0)
    if keys.format is not None:
        settings["mode"] = "structured" if keys.format == "json" else "binary"
    if keys.dead_letters is not None:
        part.lost(
            document,
            (*at, "deadLetterSink"),
            "what was tried in vain is kept in the topic <prefix>.dlq.<sink>, and nobody is called",
        )


def _pauses(keys: DeliveryKeys) -> dict[str, Any]:
    """First and longest pause, so that every pause is as long as Knative's."""
    exponential = keys.policy != "linear"
    delay = max(keys.delay or 0, SHORTEST)
    retries = min(keys.retry or 0, 64)
    longest = delay * (2 ** max(retries - 1, 0) if exponential else max(keys.retry or 0, 1))
    if keys.longest is not None:
        longest = min(longest, keys.longest)
    pauses = {"backoff_delay": _duration(delay)}
    if keys.longest is not None or longest > OUR_LONGEST or delay > OUR_LONGEST:
        pauses["backoff_max"] = _duration(max(longest, delay))
    return pauses


def _duration(seconds: float, *, shortest: float = SHORTEST) -> str:
    return format_duration(min(max(seconds, shortest), LONGEST_SECONDS))
