"""Kafka with TLS, SCRAM and the ACLs that we print; a secret in every place that takes one; none of them anywhere."""

from __future__ import annotations

import shlex
import shutil
import uuid
from base64 import b64encode
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
import pytest

from ops.dev import stack as dev
from schemas.commands.kinds import SLASH, TYPED
from schemas.commands.reply import TYPE
from tests.support.rehearsal import COMPONENTS, DECIDED, WITHOUT, Run, gather, ids, play
from tests.support.secretfields import declared
from tests.support.secured import AWAY, POISON, Secured
from tests.support.sentinels import leaks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def run(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    secured = state.parent / "test-secured"
    dev.down(secured, silent)
    shutil.rmtree(secured)  # a new cluster and new passwords for every run
    try:
        status = dev.up(secured, secure=True, report=silent)
        with ExitStack() as closing:
            world = Secured(tmp_path_factory.mktemp("secured"), status, f"s{uuid.uuid4().hex[:8]}", closing)
            run = Run(world)
            play(run)
        gather(run)
        yield run
    finally:
        dev.down(secured, silent)


def silent(_line: str) -> None:
    pass


def dead_letters(run: Run, sink: str) -> list[dict[str, str]]:
    topic = f"{run.world.prefix}.dlq.{sink}"
    headers: list[Any] = [record.headers() for record in run.records if record.topic() == topic]
    return [{name: (value or b"").decode() for name, value in pairs} for pairs in headers]


def test_every_place_for_a_secret_holds_a_sentinel(run: Run) -> None:
    assert declared() == {place for place, _ in run.held}
    assert set() == {secret for _, secret in run.held} - set(run.world.sentinels.values.values())


def test_the_printed_commands_grant_what_the_printed_data_list(run: Run) -> None:
    expected = [
        [
            "--allow-principal",
            acl["principal"],
            *(word for operation in acl["operations"] for word in ("--operation", operation)),
            f"--{acl['resource']}",
            acl["name"],
            "--resource-pattern-type",
            acl["pattern"],
        ]
        for acl in run.plan["acls"]
    ]
    found = [shlex.split(line) for line in run.script.splitlines() if line.startswith("kafka-acls.sh")]
    assert expected == [words[words.index("--allow-principal") :] for words in found]


def test_every_component_has_a_user_of_its_own(run: Run) -> None:
    assert {f"User:{run.world.prefix}-{name}" for name in COMPONENTS} == {acl["principal"] for acl in run.plan["acls"]}


def test_what_is_asked_for_in_slack_is_decided_on_and_answered(run: Run) -> None:
    """By roles that may do what is printed for them, and no more."""
    assert DECIDED in run.evidence["/metrics of worker-decide"]
    told = [dict(record.headers() or ()) for record in run.records if record.topic().endswith(".sink.people")]
    replies = [(each["ce_id"] or b"").rpartition(b"/")[2] for each in told if each["ce_type"] == TYPE.encode()]
    assert [b"acknowledged", b"refused"] == replies


@pytest.mark.parametrize("receiver", ["functions", "audit", "archive", "events"])
def test_a_power_off_arrives(run: Run, receiver: str) -> None:
    assert run.event in ids(run.world.world.received(receiver))


def test_the_webhook_takes_events_with_the_token_only(run: Run) -> None:
    ours = {"nobody": 401, "stranger": 401, "confused": 400, "alert": 202, "poison": 202}
    doors = {
        "a command": 200,
        "a forged command": 401,
        "a basic door": 401,
        "a signed door": 415,
        "a secret path": 404,
        "a bearer door": 401,
        "the right path": 415,
    }
    assert ours | doors == run.answers


def test_commands_are_on_their_topic_signed_and_sealed(run: Run) -> None:
    """Those of Slack, and those of the command line, which are answered there."""
    records = [record for record in run.records if record.topic() == f"{run.world.prefix}.commands"]
    found = {headers["ce_type"]: headers for headers in (dict(record.headers() or ()) for record in records)}
    assert {SLASH.encode(), TYPED.encode()} == found.keys()
    assert {"ce_principal", "ce_replyaddress"} <= found[SLASH.encode()].keys()
    assert "ce_principal" in found[TYPED.encode()]


def test_a_log_alert_arrives_in_the_queue(run: Run) -> None:
    (message,) = run.world.world.received("orchestrator")
    assert run.alert == orjson.loads(message["body"])["event"]["event_id"]


def test_a_remediation_sees_its_machine(run: Run) -> None:
    assert b"dry run" in run.evidence["worker-deliver/worker-deliver.log"]


def test_the_poison_is_in_the_dead_letters(run: Run) -> None:
    (letter,) = dead_letters(run, "audit")
    assert (POISON, "400") == (letter["ce_subject"], letter["reflexarc_status"])


def test_a_wrong_token_is_a_dead_letter(run: Run) -> None:
    (letter,) = orjson.loads(run.said["letter"].out)
    assert (run.event, "400") == (letter["id"], letter["status"])


def test_the_operator_may_delete_what_is_settled(run: Run) -> None:
    dropped = orjson.loads(run.said["drop"].out)
    assert (1, 1, []) == (dropped["settled"], dropped["purged"], dead_letters(run, "mistaken"))


@pytest.mark.parametrize("sink", AWAY)
def test_a_sink_that_does_not_open_waits(run: Run, sink: str) -> None:
    assert f"{sink} is away, waiting: ".encode() in run.evidence["worker-deliver/worker-deliver.log"]
    assert [] == dead_letters(run, sink)


@pytest.mark.parametrize(
    ("code", "commands"),
    [
        (0, ["create", "check", "check json", "list", "letter", "drop", "help"]),
        (2, ["careless", "careless json"]),
        (1, ["unnamed"]),
        (4, ["wrong kafka password", "foreign acl", "foreign acl verbose"]),
    ],
)
def test_commands_end_as_they_should(run: Run, code: int, commands: list[str]) -> None:
    assert dict.fromkeys(commands, code) == {name: run.said[name].code for name in commands}


def test_every_misplaced_secret_is_found(run: Run) -> None:
    problems = {problem["where"] for problem in orjson.loads(run.said["careless json"].out)["problems"]}
    assert {
        "kafka.options.sasl.password",
        "webhook.token",
        "webhook.tocken",
        "vcenters.vc1.password_file",
        "vcenters.vc2.url",
        "sinks.vro.url",
        "sinks.audit.headers",
        "sinks.archive.password",
    } == problems


def test_a_missing_permission_is_one_line_that_names_the_resource(run: Run) -> None:
    (line,) = run.said["foreign acl"].err.splitlines()
    assert any(acl["name"] in line for acl in run.plan["acls"] if acl["component"] == "worker-router")
    assert "topics create --print" in line


@pytest.mark.parametrize(("component", "resource"), WITHOUT)
def test_a_service_ends_when_it_misses_a_permission(run: Run, component: str, resource: str) -> None:
    names = {acl["name"] for acl in run.plan["acls"] if (acl["component"], acl["resource"]) == (component, resource)}
    said = run.said[f"{component}-without-{resource}"]
    last = said.err.splitlines()[-1]
    assert (4, True) == (said.code, any(name in last for name in names)), said.err


def test_no_secret_is_in_any_log_record_journal_page_or_output(run: Run) -> None:
    assert [] == leaks(run.evidence, run.world.sentinels.values)


@pytest.mark.parametrize("name", ["webhook", "kafka-worker-router", "archive", "vc1"])
@pytest.mark.parametrize(
    "spell",
    [
        str,
        lambda secret: quote(secret, safe=""),
        lambda secret: orjson.dumps({"password": secret}).decode(),
        lambda secret: b64encode(f"user:{secret}".encode()).decode(),
        lambda secret: b64encode(f"\0user2\0{secret}".encode()).decode(),
    ],
    ids=["plain", "url", "json", "basic", "sasl"],
)
def test_the_hunt_finds_a_secret_that_is_planted(run: Run, name: str, spell: Any) -> None:
    log = "worker-router/worker-router.log"
    last = run.evidence[log].splitlines()[-1]
    planted = {log: run.evidence[log] + last + spell(run.world.sentinels.values[name]).encode() + b" end\n"}
    assert [f"{name} in {log}"] == leaks(planted, run.world.sentinels.values)
