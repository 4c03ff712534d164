from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.counters import LABELS, Counters
from ingest.webhook.probes import Probes
from ingest.webhook.stats import Sources
from ingest.webhook.totals import document

SOURCES = Sources(
    "0.0.0.0:8080",
    Probes(),
    ("https://vc1/sdk", "https://vc2/sdk"),
    {"fn": ("openfaas", "http://gw"), "slow": ("openfaas", "http://gw"), "bus": ("aws_event_bridge", "default")},
)
WEBHOOK = {
    "reflexarc_webhook_events_total": {"/a": 5.0, "/other": 90.0},
    "reflexarc_webhook_failures_total": {"/a": 1.0, "/other": 9.0},
}
WORKER = {
    "reflexarc_delivered_total": {"fn": 7.0, "slow": 2.0, "audit": 50.0},
    "reflexarc_dead_letters_total": {"fn": 1.0, "slow": 0.0, "audit": 3.0},
}
INGEST = {
    "reflexarc_ingest_events_total": {"vc1": 20.0, "vc2": 30.0},
    "reflexarc_ingest_dead_letters_total": {"vc2": 1.0},
}


def told(*found: Counters, unreachable: int = 0, now: float = 1100.0) -> dict[str, Any]:
    return document(SOURCES, {"/a"}, found, unreachable=unreachable, now=now)


def test_all_processes_are_one_event_router() -> None:
    """Each provider and type of sink is told of by those processes that have it, since the first of them started."""
    found = [Counters(1000, WEBHOOK), Counters(1050, WEBHOOK), Counters(900, WORKER), Counters(950, INGEST)]
    assert {
        "cmdline": ["reflexarc", "ingest", "webhook"],
        "reflexarc.processes": 4,
        "reflexarc.unreachable": 2,
        "system.numberOfSeconds": 100,
        "system.programName": "reflexarc",
        "vmware.event.router.stats": {
            "webhook": {
                "type": "EventProvider",
                "address": "0.0.0.0:8080",
                "started": "1970-01-01T00:16:40Z",
                "events_total": 10,
                "events_err": 2,
                "events_per_sec": 0.1,
            },
            "vcenter": {
                "type": "EventProvider",
                "address": "https://vc1/sdk, https://vc2/sdk",
                "started": "1970-01-01T00:15:50Z",
                "events_total": 50,
                "events_err": 1,
                "events_per_sec": 0.33,
            },
            "openfaas": {
                "type": "EventProcessor",
                "address": "http://gw",
                "started": "1970-01-01T00:15:00Z",
                "invocations": {
                    "fn": {"SuccessCount": 7, "FailureCount": 1},
                    "slow": {"SuccessCount": 2, "FailureCount": 0},
                },
            },
        },
    } == told(*found, unreachable=2)


def test_what_no_process_has_is_left_out() -> None:
    """As the event router did."""
    assert ["webhook"] == [*told(Counters(1000, WEBHOOK))["vmware.event.router.stats"]]


def test_a_clock_that_went_back_makes_nothing_negative() -> None:
    """The process then seems to have just begun."""
    document = told(Counters(1000, WEBHOOK), now=999)
    assert 0 == document["system.numberOfSeconds"]
    assert 0 == document["vmware.event.router.stats"]["webhook"]["events_per_sec"]


positive = st.floats(0, allow_infinity=False, allow_nan=False)
whole = st.integers(0, 2**40).map(float)
labels = st.sampled_from(["/a", "/other", "vc1", "fn", "bus", "?"])


def processes(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[list[Counters]]:
    counts = st.dictionaries(st.sampled_from(sorted(LABELS)), st.dictionaries(labels, numbers))
    return st.lists(st.builds(Counters, positive, counts), min_size=1, max_size=5)


@given(processes(whole))
def test_the_sum_is_that_of_all_in_any_order(found: list[Counters]) -> None:
    """Nothing that a process has counted is left out or told twice."""
    stats = told(*found)["vmware.event.router.stats"]
    assert stats == told(*reversed(found))["vmware.event.router.stats"]

    def total(metric: str, *labels: str) -> float:
        return sum(n for each in found for label, n in each.of(metric).items() if not labels or label in labels)

    invocations = [each for kind in ("openfaas", "aws_event_bridge") for each in invoked(stats, kind)]
    assert total("reflexarc_delivered_total", *SOURCES.sinks) == sum(each["SuccessCount"] for each in invocations)
    assert total("reflexarc_dead_letters_total", *SOURCES.sinks) == sum(each["FailureCount"] for each in invocations)
    assert total("reflexarc_ingest_events_total") == stats.get("vcenter", {"events_total": 0})["events_total"]
    assert total("reflexarc_webhook_events_total", "/a") == stats.get("webhook", {"events_total": 0})["events_total"]


def invoked(stats: dict[str, Any], kind: str) -> list[dict[str, int]]:
    return [*stats.get(kind, {"invocations": {}})["invocations"].values()]


@given(processes(positive), positive)
def test_numbers_of_any_size_can_be_told(found: list[Counters], now: float) -> None:
    """A process that counts nonsense breaks nobody's dashboard."""
    assert told(*found, now=now).keys() == orjson.loads(orjson.dumps(told(*found, now=now))).keys()
