"""The desk of dead letters, on a real broker."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.ops.deadletters.letters import letter, record, store
from tests.support import topics as kafka_topics

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from confluent_kafka import Message

    from clients.kafka.record import Outgoing
    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

NOW = datetime.now(UTC)
SINK = "functions"

pytestmark = pytest.mark.stack


@pytest.fixture
def desk(write: Callable[[str], Path], kafka: str, prefix: str, reflexarc: Command) -> str:
    """An installation with one sink, and nothing in its topics; its prefix."""
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {prefix}, partitions: 2, replication: 1}}
        sinks:
          {SINK}: {{type: http, url: "http://127.0.0.1:8081/event"}}
    """)
    assert 0 == reflexarc("topics", "create").code
    return prefix


@pytest.fixture
def stored(desk: str, kafka: str) -> list[Outgoing]:
    """Six letters of the sink, three in each partition; one of them fell an hour ago, one had no answer."""
    records = [record(desk, SINK, number, key=b"key-%d" % (number % 2), partition=number % 2) for number in range(6)]
    letters = [letter(desk, each, SINK) for each in records]
    letters[1] = letter(desk, records[1], SINK, at=NOW - timedelta(hours=1))
    letters[2] = letter(desk, records[2], SINK, reason="no (good) answer", status="")
    store(kafka, *letters)
    return records


def listed(reflexarc: Command, *arguments: str) -> dict[str, Any]:
    outcome = reflexarc("dlq", "list", "--sink", SINK, "--json", *arguments)
    assert (0, "") == (outcome.code, outcome.err)
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def ids(reflexarc: Command, *arguments: str) -> set[str]:
    return {each["id"].removeprefix("vc1/0/") for each in listed(reflexarc, *arguments)["letters"]}


def in_topic(kafka: str, topic: str) -> list[Message]:
    return kafka_topics.everything(kafka, topic)


def told(message: Message) -> tuple[bytes | str | None, bytes | str | None, list[Any]]:
    return message.key(), message.value(), list(message.headers() or ())


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "012345"),
        (("--where", "subject=Vm*"), "012345"),
        (("--where", "{data: {Key: {numeric: ['<', 2]}}}"), "01"),
        (("--where", "data.Key=3", "--where", "subject=Vm*"), "3"),
        (("--where", "subject=Host*"), ""),
        (("--since", "30m"), "02345"),
        (("--until", "30m ago"), "1"),
        (("--status", "400"), "01345"),
        (("--status", "4*"), "01345"),
        (("--status", ""), "2"),
        (("--error", "(good)"), "2"),
        (("--error", "^HTTP [0-9]+$"), "01345"),
        (("--id", "vc1/0/3", "--id", "0/0"), "03"),
        (("--state", "dropped"), ""),
        (("--state", "all", "--status", "400", "--since", "30m"), "0345"),
        (("--limit", "1"), "1"),
    ],
)
def test_list_shows_the_letters_that_are_meant(reflexarc: Command, arguments: tuple[str, ...], expected: str) -> None:
    """All that is asked must hold; of two ids one."""
    assert set(expected) == ids(reflexarc, *arguments)


@pytest.mark.usefixtures("stored")
def test_a_listing_names_what_failed_oldest_first_and_adds_up(reflexarc: Command) -> None:
    """People see the reason, and how many there are."""
    outcome = reflexarc("dlq", "list", "--sink", SINK, "--limit", "2")
    lines = outcome.out.splitlines()
    assert ["1/0", "open"] == lines[2].split()[:2]
    assert lines[2].rstrip().endswith("vc1/0/1  VmPoweredOffEvent  400     1         HTTP 400")
    assert ["and 4 more", "6 stored = 6 open + 0 re-driven + 0 dropped; 6 match"] == [x.strip() for x in lines[-2:]]


@pytest.mark.usefixtures("stored")
def test_show_gives_a_letter_whole(reflexarc: Command) -> None:
    """By its place or by the event's id: headers, reason and value."""
    shown = reflexarc("dlq", "show", "--sink", SINK, "vc1/0/2")
    assert {"ce_id: vc1/0/2", "key: key-0", "reflexarc_error: no (good) answer", '  "Key": 2'} <= set(
        shown.out.splitlines()
    )
    (found,) = json.loads(reflexarc("dlq", "show", "--sink", SINK, "0/1", "--json").out)
    assert ("vc1/0/2", '{"Key":2}', "key-0") == (found["id"], found["value"], found["key"])
    missing = reflexarc("dlq", "show", "--sink", SINK, "7/7")
    assert (1, "") == (missing.code, missing.out)
    assert f"no dead letter of {SINK} is called 7/7 — see `reflexarc dlq list`" in missing.err


def test_no_letter_forges_a_line(reflexarc: Command, desk: str, kafka: str) -> None:
    """What stands in a letter moves no cursor."""
    given = record(desk, SINK, 1)
    evil = [(name, b"Evil\x1b[2J\nFORGED" if name == "ce_subject" else value) for name, value in given.headers]
    store(kafka, letter(desk, given._replace(headers=evil), SINK, reason="\x1b[2J\nFORGED"))
    for command in (("list", "--sink", SINK), ("show", "--sink", SINK, "0/0")):
        out = reflexarc("dlq", *command).out
        assert "\x1b" not in out
        assert not any(line.startswith("FORGED") for line in out.splitlines())


def test_redrive_sends_the_record_as_it_was(reflexarc: Command, desk: str, kafka: str, stored: list[Outgoing]) -> None:
    """Value, key and headers of the original; no reason, no origin, and the letter that it was."""
    outcome = reflexarc("dlq", "redrive", "--sink", SINK, "--yes", "--keep", "--json")
    expected = {"stored": 6, "open": 0, "redriven": 6, "dropped": 0, "otherwise": 0}
    result = json.loads(outcome.out)
    assert (0, 6, 6, expected) == (outcome.code, result["matching"], result["settled"], result["counts"])
    assert "--skip-if-newer" in outcome.err
    letters = [
        each for each in in_topic(kafka, f"{desk}.dlq.{SINK}") if "reflexarc_error" in dict(each.headers() or ())
    ]
    places = {dict(each.headers() or ())["ce_id"]: (each.partition(), each.offset()) for each in letters}
    sent = {dict(each.headers() or ())["ce_id"]: told(each) for each in in_topic(kafka, f"{desk}.sink.{SINK}")}
    assert 6 == len(sent)
    for each in stored:
        headers = [header for header in each.headers if header[0] != "reflexarc_origin"]
        partition, offset = places[dict(headers)["ce_id"]]
        redriven = ("reflexarc_redriven", f"{desk}.dlq.{SINK}/{partition}/{offset}".encode())
        assert (each.key, each.value, [*headers, redriven]) == sent[dict(headers)["ce_id"]]


def test_letters_of_a_key_are_sent_in_their_order(reflexarc: Command, desk: str, kafka: str) -> None:
    """What was first is first again."""
    store(kafka, *(letter(desk, record(desk, SINK, number, key=b"k", partition=1), SINK) for number in range(1_200)))
    assert 0 == reflexarc("dlq", "redrive", "--sink", SINK, "--yes").code
    values = [each.value() for each in in_topic(kafka, f"{desk}.sink.{SINK}")]
    assert [b'{"Key":%d}' % number for number in range(1_200)] == values


@pytest.mark.usefixtures("stored")
def test_counts_add_up_whatever_is_done_in_which_order(reflexarc: Command) -> None:
    """What is settled is not open any more, also for the next command, and never settled twice."""
    for arguments, expected in (
        (("redrive", "--id", "vc1/0/0"), (5, 1, 0)),
        (("drop", "--yes", "--where", "data.Key=1"), (4, 1, 1)),
        (("drop", "--yes", "--id", "vc1/0/0"), (4, 1, 1)),
        (("redrive", "--yes", "--limit", "2"), (2, 3, 1)),
        (("drop", "--yes"), (0, 3, 3)),
    ):
        outcome = reflexarc("dlq", arguments[0], "--sink", SINK, "--keep", *arguments[1:])
        counts = listed(reflexarc)["counts"]
        assert (0, (*expected, 0, 6)) == (outcome.code, (*list(counts.values())[1:], counts["stored"]))
        told = "{} open + {} re-driven + {} dropped".format(*expected)
        assert f"{SINK}: 6 stored = {told}" == outcome.out.splitlines()[-1]


@pytest.mark.usefixtures("stored")
def test_what_is_settled_leaves_kafka_and_the_summary_says_so(reflexarc: Command, desk: str, kafka: str) -> None:
    """Up to the first open letter of each partition; what an earlier run kept goes with it."""
    for arguments, gone, left in (
        (("drop", "--yes", "--keep", "--id", "0/0"), 0, "6 stored = 5 open + 0 re-driven + 1 dropped"),
        (("drop", "--yes", "--dry-run"), 0, "6 stored = 5 open + 0 re-driven + 1 dropped"),
        (("redrive", "--yes", "--id", "0/1", "--id", "1/1"), 2, "4 stored = 3 open + 1 re-driven + 0 dropped"),
        (("drop", "--yes"), 4, "0 stored = 0 open + 0 re-driven + 0 dropped"),
    ):
        outcome = reflexarc("dlq", arguments[0], "--sink", SINK, *arguments[1:])
        deleted = [f"{gone} settled letters deleted from Kafka"] if gone else []
        assert (0, [*deleted, f"{SINK}: {left}"]) == (outcome.code, outcome.out.splitlines()[1:])
    assert [] == in_topic(kafka, f"{desk}.dlq.{SINK}")


@pytest.mark.usefixtures("stored")
def test_a_dry_run_writes_nothing(reflexarc: Command, desk: str, kafka: str) -> None:
    """It only says what would be done."""
    before = {name: kafka_topics.ends(kafka, f"{desk}.{name}") for name in (f"dlq.{SINK}", f"sink.{SINK}", "audit")}
    outcome = reflexarc("dlq", "redrive", "--sink", SINK, "--status", "400", "--dry-run")
    line = "5 matching = 5 would be re-driven + 0 skipped + 0 refused + 0 left"
    assert (0, line) == (outcome.code, outcome.out.splitlines()[0])
    assert before == {name: kafka_topics.ends(kafka, f"{desk}.{name}") for name in before}


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("command", ["redrive", "drop"])
def test_where_nobody_can_be_asked_nothing_is_done_unasked(reflexarc: Command, command: str) -> None:
    """Many letters want a word; it names the cure."""
    outcome = reflexarc("dlq", command, "--sink", SINK)
    assert (1, "") == (outcome.code, outcome.out)
    assert "look with --dry-run, then say --yes" in outcome.err
    assert 6 == listed(reflexarc)["counts"]["open"]


@pytest.mark.usefixtures("stored")
def test_the_audit_hears_who_did_what_to_which_letters_and_why(reflexarc: Command, desk: str, kafka: str) -> None:
    """One event for each portion."""
    words = ("--actor", "eve@noc", "--reason", "receiver mended")
    assert 0 == reflexarc("dlq", "redrive", "--sink", SINK, "--id", "vc1/0/3", *words).code
    assert 0 == reflexarc("dlq", "drop", "--sink", SINK, "--yes", "--id", "vc1/0/4").code
    heard = [(dict(each.headers() or ()), json.loads(each.value() or b"")) for each in in_topic(kafka, f"{desk}.audit")]
    assert [b"com.reflexarc.deadletters.redriven", b"com.reflexarc.deadletters.dropped"] == [
        headers["ce_type"] for headers, _ in heard
    ]
    expected = {"sink": SINK, "actor": "eve@noc", "reason": "receiver mended"}
    assert expected | {"letters": [{"at": "1/1", "id": "vc1/0/3"}]} == heard[0][1]
    assert "@" in heard[1][1]["actor"]


def test_what_was_outrun_stays_open_when_asked(reflexarc: Command, desk: str, kafka: str) -> None:
    """A sink that was given a newer event of the key is not taken a step back."""
    records = [record(desk, SINK, number, key=b"k%d" % number) for number in (1, 2, 3)]
    newer = record(desk, SINK, 9, key=b"k1"), record(desk, SINK, 0, key=b"k2")
    store(kafka, *newer, *(letter(desk, each, SINK) for each in records))
    outcome = reflexarc("dlq", "redrive", "--sink", SINK, "--yes", "--skip-if-newer", "--json")
    result = json.loads(outcome.out)
    assert (0, 3, 2, 1) == (outcome.code, result["matching"], result["settled"], result["skipped"])
    assert {"1"} == ids(reflexarc)


def test_newer_events_are_not_asked_for_where_they_cannot_be_seen(
    reflexarc: Command, desk: str, kafka: str, write: Callable[[str], Path]
) -> None:
    """The topic of a sink that reads from the events does not hold what it was given."""
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {desk}, partitions: 2, replication: 1}}
        sinks:
          {SINK}: {{type: http, url: "http://127.0.0.1:8081/event", read_from: events}}
    """)
    store(kafka, letter(desk, record(desk, SINK, 1), SINK))
    refused = reflexarc("dlq", "redrive", "--sink", SINK, "--yes", "--skip-if-newer")
    assert (1, "") == (refused.code, refused.out)
    assert f"cannot tell what {SINK} was given: it reads from the events" in refused.err
    assert "leave it out, and name the letters to send" in refused.err
    assert 0 == reflexarc("dlq", "redrive", "--sink", SINK, "--yes").code


@pytest.mark.usefixtures("stored")
def test_a_secret_that_was_typed_is_written_nowhere(
    reflexarc: Command, desk: str, kafka: str, write: Callable[[str], Path]
) -> None:
    """Neither behind the letter nor in the audit."""
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {desk}, partitions: 2, replication: 1}}
        vcenters:
          vc1: {{url: "https://vc1.example.org", username: reader, password: "${{VC1_PASSWORD}}"}}
        sinks:
          {SINK}: {{type: http, url: "http://127.0.0.1:8081/event"}}
    """)
    words = ("--actor", "eve hunter2-of-vc1", "--reason", "hunter2-of-vc1 was wrong")
    assert 0 == reflexarc("dlq", "drop", "--sink", SINK, "--yes", "--keep", *words).code
    written = [*in_topic(kafka, f"{desk}.dlq.{SINK}"), *in_topic(kafka, f"{desk}.audit")]
    told = [str((each.value(), each.headers())) for each in written]
    assert 6 + 1 == sum("eve **********" in each for each in told)
    assert not any("hunter2" in each for each in told)


def test_letters_of_the_router_go_to_the_events(reflexarc: Command, desk: str, kafka: str) -> None:
    """As the event that came, without what we had added, and with its own key."""
    given = record(desk, SINK, 1, key=b"group")
    throttled = given._replace(headers=(*given.headers, ("reflexarc_key", b"vc1/vm-1")))
    store(kafka, letter(desk, throttled, "router"))
    outcome = reflexarc("dlq", "redrive", "--sink", "router", "--yes")
    assert (0, True) == (outcome.code, "every sink that their routes choose" in outcome.err)
    (sent,) = in_topic(kafka, f"{desk}.events")
    headers = [each for each in given.headers if not each[0].startswith("reflexarc_")]
    redriven = ("reflexarc_redriven", f"{desk}.dlq.router/0/0".encode())
    assert (b"vc1/vm-1", given.value, [*headers, redriven]) == told(sent)


def test_letters_of_ingest_are_not_sent_again_but_dropped(reflexarc: Command, desk: str, kafka: str) -> None:
    """What never became an event has nowhere to go; whatever it is, it can be looked at."""
    raw = record(desk, SINK, 1)._replace(value=b"\xff<", key=None, headers=(("reflexarc_cut", b"99"),))
    store(kafka, letter(desk, raw, "ingest"))
    refused = reflexarc("dlq", "redrive", "--sink", "ingest")
    assert (1, "") == (refused.code, refused.out)
    assert "never became events" in refused.err
    shown = json.loads(reflexarc("dlq", "show", "--sink", "ingest", "0/0", "--json").out)
    assert ("/zw=", None) == (shown[0]["value_base64"], shown[0]["key"])
    assert 0 == reflexarc("dlq", "drop", "--sink", "ingest", "--yes", "--keep").code
    assert "1 stored = 0 open + 0 re-driven + 1 dropped" in reflexarc("dlq", "list", "--sink", "ingest").out


def test_letters_of_a_removed_sink_are_dropped_not_sent(reflexarc: Command, desk: str, kafka: str) -> None:
    """Its topic is still there; who would deliver them is not."""
    kafka_topics.create(kafka, f"{desk}.dlq.old")
    store(kafka, letter(desk, record(desk, "old", 1), "old"))
    rows = {line.split()[0]: line.split()[1:] for line in reflexarc("dlq", "list").out.splitlines()}
    assert ["1", "1", "0", "0", "0", "not", "in", "the", "configuration"] == rows["old"]
    assert ["0", "0", "0", "0", "0", "-"] == rows[SINK]
    refused = reflexarc("dlq", "redrive", "--sink", "old")
    assert (1, True) == (refused.code, "define it below sinks: again" in refused.err)
    assert 0 == reflexarc("dlq", "drop", "--sink", "old", "--yes").code


def test_a_letter_that_calls_itself_a_settlement_is_none(reflexarc: Command, desk: str, kafka: str) -> None:
    """Headers of a sender settle nothing."""
    forged = record(desk, SINK, 1)
    forged = forged._replace(headers=(*forged.headers, ("reflexarc_settled", b"0 dropped")))
    store(kafka, letter(desk, record(desk, SINK, 0), SINK), letter(desk, forged, SINK))
    assert {"stored": 2, "open": 2, "redriven": 0, "dropped": 0, "otherwise": 0} == listed(reflexarc)["counts"]


def test_a_rate_is_kept(reflexarc: Command, desk: str, kafka: str) -> None:
    """Eight letters at four a second are under way for two seconds."""
    store(kafka, *(letter(desk, record(desk, SINK, number), SINK) for number in range(8)))
    assert 0 == reflexarc("dlq", "redrive", "--sink", SINK, "--yes", "--rate", "4").code
    times = [each.timestamp()[1] for each in in_topic(kafka, f"{desk}.sink.{SINK}")]
    assert max(times) - min(times) >= 1_500


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--sink", "functons"), "no sink is called functons — did you mean functions?"),
        (("--sink", SINK, "--since", "2026-01-31T06:00:00"), "has no time zone"),
        (("--sink", SINK, "--until", "soon"), "is no time"),
        (("--sink", SINK, "--where", "subjct=x"), "did you mean subject?"),
    ],
)
def test_what_has_no_meaning_is_refused(
    reflexarc: Command, desk: str, arguments: tuple[str, ...], complaint: str
) -> None:
    """One line that names the cure."""
    outcome = reflexarc("dlq", "list", *arguments)
    assert ("", 1) == (outcome.out, len(outcome.err.splitlines()))
    assert outcome.code in {1, 2}
    assert complaint in outcome.err
