"""What a configuration of remediation allows, but is seldom meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sinks.remediation.config import RemediationSinkConfig
from streams.guard.action import DISCONNECT, traits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from schemas.config import Config


def notes(config: Config) -> Iterator[str]:
    """One sentence each."""
    sinks = {name: sink for name, sink in config.sinks.items() if isinstance(sink, RemediationSinkConfig)}
    if not sinks:
        return
    if not config.remediation.allow:
        yield f"remediation.allow is empty: nothing is touched, whatever {_listed(sinks)} ask{_s(sinks)} for"
    if config.remediation.dry_run:
        yield f"remediation.dry_run is on: {_listed(sinks)} only say{_s(sinks)} what would be done"
    elif planned := [name for name, sink in sinks.items() if sink.dry_run]:
        yield f"dry_run is on: {_listed(planned)} only say{_s(planned)} what would be done"
    if config.remediation.answer_key is None:
        for name, sink in sinks.items():
            if why := _asks(sink):
                yield f"nobody can approve what {name} asks for ({why}): remediation.answer_key is missing"
    for name, vcenter in config.vcenters.items():
        concerned = [sink for sink in sinks.values() if name in (sink.vcenters or config.vcenters)]
        if vcenter.recording is None and vcenter.actor is None and concerned:
            yield f"in vCenter {name} the account that reads events acts, too; give it an actor of its own"


def _asks(sink: RemediationSinkConfig) -> str:
    """Why a person has to agree to what a sink asks for; empty when nobody has to."""
    if sink.approval == "always":
        return "approval: always"
    if sink.approval == "never":
        return ""
    if traits(sink.action).approval:
        return f"{sink.action} needs approval"
    return f"{sink.action} needs approval for senders that trusted_senders does not name" if _by_log(sink) else ""


def _by_log(sink: RemediationSinkConfig) -> bool:
    return sink.action == DISCONNECT and not sink.trusted_senders


def _listed(names: Collection[str]) -> str:
    return ", ".join(names)


def _s(names: Collection[str]) -> str:
    return "s" if len(names) == 1 else ""
