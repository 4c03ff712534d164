from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import OFFSET_INVALID, Consumer, TopicPartition

from ops.replay import word
from tests.ops.replay.history import History, at, event, power
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

COUNT = 300
ALLOWED = ("--allow-side-effects",)


@pytest.fixture
def history(kafka: str, prefix: str, reflexarc: Command) -> History:
    """Its topics, without an event; the configuration lies in the working folder."""
    found = History(kafka, prefix)
    found.configure(Path("reflexarc.yaml"))
    assert reflexarc("topics", "create").code == 0
    return found


@pytest.fixture
def journal(history: History) -> list[str]:
    return history.fill(COUNT)


def summary(outcome: Outcome) -> Any:
    assert 0 == outcome.code, outcome.err
    return json.loads(outcome.out)


@pytest.mark.stack
def test_what_the_journal_says_comes_to_each_sink_once_marked_and_in_order(
    history: History, journal: list[str], reflexarc: Command
) -> None:
    told = summary(reflexarc("replay", "--from", at(0), "--all", *ALLOWED, "--json"))
    assert (power(journal), set(journal)) == (history.ids("functions"), set(history.ids("archive")))
    assert (COUNT, {"functions": 200, "archive": 300}) == (told["read"], told["written"])
    assert {told["id"]} == {each.extensions["reflexarcreplay"] for each in history.events("archive")}
    for key in {each.extensions["partitionkey"] for each in history.events("archive")}:
        numbers = [int(e.id.split("/")[2]) for e in history.events("archive") if key == e.extensions["partitionkey"]]
        assert sorted(numbers) == numbers
    headers = [dict(each.headers() or ()) for each in history.records("functions")]
    assert {b"power"} == {each.get("reflexarc_routes") for each in headers}
    assert not any("reflexarc_origin" in each for each in headers)
    assert [] == list(Path().glob("replay-*"))


@pytest.mark.stack
def test_times_are_those_of_the_events_whenever_they_arrived(history: History, reflexarc: Command) -> None:
    late = history.fill(10, first=20)
    early = history.fill(20, first=0)
    arguments = ("--from", at(5), "--to", at(25), "--sink", "archive", *ALLOWED, "--json")
    told = summary(reflexarc("replay", *arguments))
    assert set(early[5:] + late[:5]) == set(history.ids("archive"))
    assert (30, 20, {"other time": 10}) == (told["read"], told["chosen"], told["skipped"])


@pytest.mark.stack
def test_conditions_choose_and_all_of_them_must_hold(history: History, journal: list[str], reflexarc: Command) -> None:
    conditions = ("--match", "subject=VmPowered*", "--match", "data: {Key: {numeric: ['<', 6]}}")
    told = summary(reflexarc("replay", "--from", at(0), "--sink", "archive", *conditions, *ALLOWED, "--json"))
    assert power(journal[:6]) == history.ids("archive")
    assert COUNT - 4 == told["skipped"]["no match"]


@pytest.mark.stack
def test_a_dry_run_counts_and_writes_nothing_anywhere(history: History, journal: list[str], reflexarc: Command) -> None:
    outcome = reflexarc("replay", "--from", at(0), "--all", "--dry-run")
    lines = [" ".join(line.split()) for line in outcome.out.splitlines()]
    assert (0, ["To be written", "sink written refused", "functions 200 0", "archive 300 0"]) == (
        outcome.code,
        lines[2:],
    )
    assert f"{len(journal)} read: {len(journal)} chosen" == lines[1]
    assert (0, ["reflexarc.yaml"]) == (history.written(), [each.name for each in Path().iterdir()])


@pytest.mark.stack
def test_a_sink_that_acts_is_refused_unless_that_is_allowed(
    history: History, journal: list[str], reflexarc: Command
) -> None:
    assert journal
    outcome = reflexarc("replay", "--from", at(0), "--sink", "functions")
    assert (4, "", 0) == (outcome.code, outcome.out, history.written())
    assert "functions (http) would act on these events once more" in outcome.err


@pytest.mark.stack
def test_live_groups_stay_where_they_are(history: History, journal: list[str], reflexarc: Command) -> None:
    groups = [f"{history.prefix}.router", f"{history.prefix}.deliver"]
    for group in groups:
        consumer = Consumer({"bootstrap.servers": history.bootstrap, "group.id": group})
        consumer.commit(offsets=[TopicPartition(history.topic, 0, 3)], asynchronous=False)
        consumer.close()
    before = [topics.positions(history.bootstrap, group, history.topic) for group in groups]
    told = summary(reflexarc("replay", "--from", at(0), "--all", *ALLOWED, "--json"))
    assert len(journal) == told["read"]
    assert before == [topics.positions(history.bootstrap, group, history.topic) for group in groups]
    own = topics.positions(history.bootstrap, f"{history.prefix}.replay", history.topic)
    assert {OFFSET_INVALID} == set(own.values())


@pytest.mark.stack
def test_it_may_begin_at_offsets(history: History, reflexarc: Command) -> None:
    topics.publish(history.bootstrap, history.topic, *(event(number) for number in range(9)), partition=1)
    topics.publish(history.bootstrap, history.topic, event(9), partition=0)
    summary(reflexarc("replay", "--from-offset", "1:6", "--sink", "archive", *ALLOWED, "--json"))
    assert {"vc1/0/6", "vc1/0/7", "vc1/0/8"} == set(history.ids("archive"))
    for spelled, complaint in (("1:10", "ends before offset 10"), ("7:0", "has no partition 7")):
        outcome = reflexarc("replay", "--from-offset", spelled, "--sink", "archive", *ALLOWED)
        assert (1, 1) == (outcome.code, outcome.err.count("\n")), outcome.err
        assert complaint in outcome.err


@pytest.mark.stack
def test_another_file_of_routes_decides_and_throttled_routes_are_left_out(
    history: History, journal: list[str], reflexarc: Command
) -> None:
    Path("again.yaml").write_text("""
routes:
- {name: again, match: {subject: HostEvent}, to: functions, transform: {pick: [Key]}}
- {name: storm, to: functions, throttle: {once_within: 5m}}
- {name: odd, match: {subject: VmPoweredOnEvent}, to: functions, transform: {pick: [None]}}
""")
    arguments = ("--from", at(0), "--sink", "functions", "--routes", "again.yaml", *ALLOWED, "--json")
    outcome = reflexarc("replay", *arguments)
    told = json.loads(outcome.out)
    hosts = set(journal) - set(power(journal))
    assert (1, hosts, {"functions": 100}) == (outcome.code, set(history.ids("functions")), told["refused"])
    assert "reflexarc: route storm is throttled — a replay leaves it out" in outcome.err.splitlines()
    assert 10 == outcome.err.count("for functions: transform.pick")


@pytest.mark.stack
def test_the_audit_hears_of_its_beginning_and_its_end(history: History, journal: list[str], reflexarc: Command) -> None:
    told = summary(reflexarc("replay", "--from", at(0), "--sink", "archive", *ALLOWED, "--json"))
    first, last = history.audit()
    assert (word.STARTED, word.ENDED) == (first.type, last.type)
    assert {told["id"]} == {first.subject, last.subject}
    asked, done = json.loads(first.data or b""), json.loads(last.data or b"")
    assert (["archive"], True) == (asked["request"]["sinks"], asked["request"]["allow_side_effects"])
    assert ("complete", len(journal), 0) == (done["outcome"], done["read"], done["left"])


@pytest.mark.stack
def test_what_retention_has_deleted_is_told(history: History, journal: list[str], reflexarc: Command) -> None:
    for partition in range(3):
        topics.delete_before(history.bootstrap, history.topic, partition, 10)
    outcome = reflexarc("replay", "--from", at(0), "--sink", "archive", *ALLOWED, "--json")
    assert "retention has deleted older events of 3 partitions" in outcome.err
    assert (0, len(journal) - 30) == (outcome.code, json.loads(outcome.out)["read"])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--sink", "functions"], "needs a beginning — give --from or --from-offset"),
        (["--from", "1h"], "name whom to write for, or give --all"),
        (["--from", "1h", "--sink", "functions", "--all"], "one of the two"),
        (["--from", "2026-01-31T06:00:00", "--all"], "has no time zone — write 2026-01-31T06:00:00Z"),
        (["--from", "1h", "--to", "soon", "--all"], "--to"),
        (["--from", "1h", "--to", "2h", "--all"], "give a --to that is later than --from"),
        (["--from", "1h", "--late", "soon", "--all"], "--late"),
        (["--from-offset", "0", "--all"], "write partition:offset"),
        (["--resume", "x.json", "--dry-run"], "goes alone: the file says what was asked for"),
        (["--resume", "x.json", "--sink", "functions"], "--sink"),
    ],
)
@pytest.mark.usefixtures("configuration")
def test_what_has_no_meaning_is_a_wrong_usage_before_a_broker_is_asked(
    reflexarc: Command, arguments: list[str], complaint: str
) -> None:
    outcome = reflexarc("replay", *arguments)
    assert (2, "", 1) == (outcome.code, outcome.out, len(outcome.err.splitlines()))
    assert complaint in outcome.err


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["--from", "1h", "--sink", "funtions"], 1, "did you mean functions?"),
        (["--from", "1h", "--all"], 4, "functions (http) would act on these events once more"),
        (["--from", "1h", "--all", "--dry-run", "--match", "subjct=x"], 1, "did you mean subject?"),
        (["--from", "1h", "--all", "--dry-run", "--routes", "none.yaml"], 2, "none.yaml: does not exist"),
        (["--resume", "none.json"], 1, "none.json: cannot be read"),
    ],
)
@pytest.mark.usefixtures("configuration")
def test_what_cannot_be_done_is_one_line_before_a_broker_is_asked(
    reflexarc: Command, arguments: list[str], code: int, complaint: str
) -> None:
    outcome = reflexarc("replay", *arguments)
    assert (code, "", 1) == (outcome.code, outcome.out, len(outcome.err.splitlines()))
    assert complaint in outcome.err
