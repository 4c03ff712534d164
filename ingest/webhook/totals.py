"""The document at ``/stats``: what several processes have counted, added up in the shape of the VMware event router."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schemas import epoch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ingest.webhook.counters import Counters
    from ingest.webhook.stats import Sources

_TAKEN: Final = ("reflexarc_webhook_events_total", "reflexarc_webhook_failures_total")
_FOLLOWED: Final = ("reflexarc_ingest_events_total", "reflexarc_ingest_dead_letters_total")
_DELIVERED: Final = ("reflexarc_delivered_total", "reflexarc_dead_letters_total")

_LARGEST: Final = 2**53
"""More than that JSON cannot tell apart."""


def document(
    sources: Sources, paths: Collection[str], found: Sequence[Counters], *, unreachable: int, now: float
) -> dict[str, Any]:
    """What the processes say together.

    Args:
        sources: who they are.
        paths: of the endpoints that count.
        found: the counters of each process that answered, this one first.
        unreachable: how many did not answer.
        now: Unix time.
    """
    providers = {
        "webhook": _provider(found, _TAKEN, sources.listen, now, only=paths),
        "vcenter": _provider(found, _FOLLOWED, ", ".join(sources.vcenters), now),
    }
    processors = {
        kind: _processor(found, {name: address for name, (its, address) in sources.sinks.items() if its == kind})
        for kind in dict.fromkeys(kind for kind, _ in sources.sinks.values())
    }
    return {
        "cmdline": ["reflexarc", "ingest", "webhook"],
        "reflexarc.processes": len(found),
        "reflexarc.unreachable": unreachable,
        "system.numberOfSeconds": _whole(max(0.0, now - found[0].started)),
        "system.programName": "reflexarc",
        "vmware.event.router.stats": {name: told for name, told in {**providers, **processors}.items() if told},
    }


def _provider(
    found: Sequence[Counters],
    counted: tuple[str, str],
    address: str,
    now: float,
    *,
    only: Collection[str] | None = None,
) -> dict[str, Any] | None:
    """Events and errors of ``only`` these labels, or of all; None when no process counts them."""
    counting = [each for each in found if any(map(each.of, counted))]
    if not counting:
        return None
    events, errors = (
        sum(number for each in counting for label, number in each.of(metric).items() if only is None or label in only)
        for metric in counted
    )
    started = min(each.started for each in counting)
    return {
        "type": "EventProvider",
        "address": address,
        "started": _date(started),
        "events_total": _whole(events),
        "events_err": _whole(errors),
        "events_per_sec": round(_whole(events) / (now - started), 2) if now > started else 0.0,
    }


def _processor(found: Sequence[Counters], sinks: Mapping[str, str]) -> dict[str, Any] | None:
    """Of the sinks of one type, by name with their addresses; None when no process serves any of them."""
    serving = {
        sink: [each for each in found if any(sink in each.of(metric) for metric in _DELIVERED)] for sink in sinks
    }
    serving = {sink: served for sink, served in serving.items() if served}
    if not serving:
        return None
    return {
        "type": "EventProcessor",
        "address": ", ".join(dict.fromkeys(sinks[sink] for sink in serving)),
        "started": _date(min(each.started for served in serving.values() for each in served)),
        "invocations": {
            sink: {
                name: _whole(sum(each.of(metric).get(sink, 0.0) for each in served))
                for name, metric in zip(("SuccessCount", "FailureCount"), _DELIVERED, strict=True)
            }
            for sink, served in serving.items()
        },
    }


def _date(seconds: float) -> str:
    return epoch.written(epoch.moment(int(min(seconds, _LARGEST)) * 1000))


def _whole(number: float) -> int:
    return int(min(number, _LARGEST))
