"""What the parts of a file say of each other, checked once each of them is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schemas.topics import ANALYTICS, REMEDIATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schemas.config.document import Path as At
    from schemas.config.sink import SinkConfig

SLACK: Final = "slack"
"""Type of the sinks that answer in Slack."""

Finding = tuple["At", str, str]


def faults(parts: Mapping[str, Any]) -> Iterator[Finding]:
    """Where, what and the cure of each fault.

    Args:
        parts: of the configuration, by the name of the section; None in the place of what has faults of its own.
    """
    sinks = {name: sink for name, sink in parts["sinks"].items() if sink is not None}
    yield from _one_analytics(sinks)
    yield from _ends(sinks, parts)
    yield from _commands(sinks, parts)


def _one_analytics(sinks: Mapping[str, SinkConfig]) -> Iterator[Finding]:
    """Two would write every row twice into the one topic that there is."""
    first, *others = [name for name, sink in sinks.items() if sink.type == ANALYTICS] or [""]
    for name in others:
        yield ("sinks", name, "type"), f"is analytics, as that of {first} is", f"send to {first} instead"


def _ends(sinks: Mapping[str, SinkConfig], parts: Mapping[str, Any]) -> Iterator[Finding]:
    """What an action has changed for a while is taken back by who decides, and only with a key."""
    for name, sink in sinks.items():
        if getattr(getattr(sink, "parameters", None), "expires", None) is None:
            continue
        at = ("sinks", name, "parameters", "expires")
        if sink.type != REMEDIATION:
            yield at, f"is nothing that a sink of type {sink.type} does", "write expires: null"
        elif _keyless(parts):
            cure = "write remediation: {answer_key_file: answer.key}, or expires: null"
            yield at, "needs a key that its end is signed with", cure


def _commands(sinks: Mapping[str, SinkConfig], parts: Mapping[str, Any]) -> Iterator[Finding]:
    commands = parts["commands"]
    if commands is None:
        return
    if _keyless(parts):
        cure = "write remediation: {answer_key_file: answer.key}"
        yield ("commands",), "needs a key that what people ask for is signed with", cure
    sink = sinks.get(commands.replies)
    if sink is not None and sink.type != SLACK:
        yield ("commands", "replies"), f"is a sink of type {sink.type}", f"name one of type {SLACK}"


def _keyless(parts: Mapping[str, Any]) -> bool:
    return parts["remediation"] is not None and parts["remediation"].answer_key is None
