from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from ingest.webhook import metrics
from ingest.webhook.counters import LABELS, Counters, distinct, own, parse
from ingest.webhook.metrics import EVENTS

STARTED = "process_start_time_seconds 1000\n"
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
counts = st.dictionaries(
    st.sampled_from(sorted(LABELS)), st.dictionaries(names, st.integers(0, 2**50).map(float), min_size=1), max_size=6
)


@given(counts, st.none() | st.integers(0, 2**48).map(float))
def test_what_a_process_exports_is_read_back(counted: dict[str, dict[str, float]], process: float | None) -> None:
    """Whatever its labels are, and beside anything else that it exports."""
    registry = CollectorRegistry()
    Gauge("process_start_time_seconds", "s", registry=registry).set(1000)
    Gauge("reflexarc_router_routes", "r", registry=registry).set(7)
    if process is not None:
        Gauge("reflexarc_webhook_process", "p", registry=registry).set(process)
    for name, by_label in counted.items():
        counter = Counter(name, "c", [LABELS[name]], registry=registry)
        for label, number in by_label.items():
            counter.labels(label).inc(number)
    assert Counters(1000.0, counted, process) == parse(generate_latest(registry).decode())


def test_this_process_is_read_as_its_probe_would_tell() -> None:
    """Its number is one that no other has, and it started when the kernel says."""
    EVENTS.labels("/of-this-test").inc(3)
    counters = own()
    assert 3 == counters.of("reflexarc_webhook_events_total")["/of-this-test"]
    assert counters == parse(generate_latest().decode())
    assert metrics.PROCESS.collect()[0].samples[0].value == counters.process


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>welcome</html>",
        "reflexarc_delivered_total{sink='a'} 1\n" + STARTED,
        'reflexarc_delivered_total{sink="a"} NaN\n' + STARTED,
        'reflexarc_delivered_total{sink="a"} +Inf\n' + STARTED,
        'reflexarc_delivered_total{sink="a"} -1\n' + STARTED,
        'reflexarc_delivered_total{sink="a"} 1\n',
        'reflexarc_delivered_total{sink="a"\n' + STARTED,
        "process_start_time_seconds soon\n",
        "process_start_time_seconds\n",
    ],
)
def test_what_no_process_of_ours_says_is_refused(text: str) -> None:
    """As one kind of error, so that whoever asks needs to know no other."""
    with pytest.raises(ValueError, match=r"."):
        parse(text)


pieces = st.sampled_from(sorted(LABELS)) | st.text(' {}=,"\\abc01.e+-#\n', max_size=20)


@given(st.lists(pieces, max_size=20).map("".join))
def test_noise_is_read_or_refused(noise: str) -> None:
    """Never anything else."""
    try:
        found = parse(STARTED + noise)
    except ValueError:
        return
    assert set(found.counts) <= set(LABELS)


def test_a_webhook_that_is_reached_in_two_ways_counts_once() -> None:
    """The others have no number, and are told apart by nothing."""
    one, two, worker = Counters(1.0, {}, 1.0), Counters(1.0, {}, 2.0), Counters(1.0, {})
    assert [one, two, worker, worker] == [*distinct([one, two, one, worker, worker, two])]
