"""Every mistake an operator makes gets one line: where, what, cure; and exit code 2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KAFKA = "kafka: {bootstrap: 'localhost:9092'}\n"
VCENTER = KAFKA + "vcenters:\n  vc1:\n    url: https://vc1\n    username: reader\n"
SINK = KAFKA + "sinks:\n  functions: {type: http, url: 'http://127.0.0.1:1/'}\n"

WRONG = {
    "an empty file": ("", "reflexarc.yaml: is empty — start from `reflexarc config example`"),
    "a list": (
        "- kafka\n",
        "reflexarc.yaml: is not a mapping of keys to values — start from `reflexarc config example`",
    ),
    "no kafka": ("routes: []\n", "reflexarc.yaml:1 kafka: is missing — add kafka: {bootstrap: <host:port>}"),
    "a tab": ("kafka:\n\tbootstrap: a:1\n", "reflexarc.yaml:2: is indented with a tab — indent with spaces"),
    "an open quote": (
        "kafka: {bootstrap: 'localhost:9092}\n",
        "reflexarc.yaml:2: ends inside a quoted text — close the quotes",
    ),
    "a colon in a value": (
        "kafka: bootstrap: a\n",
        "reflexarc.yaml:1: has a second ':' where a value was expected — quote text that holds ': '",
    ),
    "a key twice": (
        KAFKA + "routes: []\nroutes: []\n",
        "reflexarc.yaml:3 routes: stands here a second time — keep one; the first is in line 2",
    ),
    "two sinks for analysts": (
        KAFKA + "sinks:\n  rows: {type: analytics}\n  more: {type: analytics}\n",
        "reflexarc.yaml:4 sinks.more.type: is analytics, as that of rows is — send to rows instead",
    ),
    "an unknown section": (KAFKA + "sink: {}\n", "reflexarc.yaml:2 sink: is not a known key — did you mean sinks?"),
    "an unknown key": (
        "kafka:\n  bootstrap: localhost:9092\n  partition: 3\n",
        "reflexarc.yaml:3 kafka.partition: is not a known key — did you mean partitions?",
    ),
    "a missing key": (
        "kafka: {prefix: a}\n",
        (
            "reflexarc.yaml:1 kafka.bootstrap: is missing — add bootstrap: Brokers to start from: host:port, several"
            " separated by commas."
        ),
    ),
    "a broker without a port": (
        "kafka: {bootstrap: localhost}\n",
        "reflexarc.yaml:1 kafka.bootstrap: is not host:port — write it as 127.0.0.1:9092 or [::1]:9092",
    ),
    "text for a number": (
        "kafka:\n  bootstrap: localhost:9092\n  partitions: six\n",
        "reflexarc.yaml:3 kafka.partitions: is not a whole number — write digits without quotes",
    ),
    "a number out of range": (
        "kafka: {bootstrap: 'a:1', replication: 0}\n",
        "reflexarc.yaml:1 kafka.replication: is too small — write at least 1",
    ),
    "a duration without a unit": (
        "kafka: {bootstrap: 'a:1', retention: 7 days}\n",
        "reflexarc.yaml:1 kafka.retention: is not a duration — write a number and a unit: 250ms, 30s, 5m, 24h, 7d",
    ),
    "a size without a unit": (
        KAFKA + "webhook: {max_body: 1 mega}\n",
        "reflexarc.yaml:2 webhook.max_body: is not a size — write a number and a unit: 64KiB, 1MiB, 10MB",
    ),
    "a wrong choice": (
        "kafka: {bootstrap: 'a:1', security: {protocol: TLS}}\n",
        (
            "reflexarc.yaml:1 kafka.security.protocol: 'TLS' is not one of the choices — write PLAINTEXT, SSL,"
            " SASL_PLAINTEXT or SASL_SSL"
        ),
    ),
    "an option that breaks a promise": (
        "kafka:\n  bootstrap: a:1\n  options:\n    acks: 1\n",
        (
            "reflexarc.yaml:4 kafka.options.acks: cannot be set here — acks=all is part of the promise that no event"
            " is lost"
        ),
    ),
    "a missing certificate": (
        "kafka: {bootstrap: 'a:1', security: {protocol: SSL, ca_file: ca.pem}}\n",
        (
            "reflexarc.yaml:1 kafka.security.ca_file: cannot read ca.pem: no such file or directory — name a file that"
            " this user can read"
        ),
    ),
    "a section without a value": (
        KAFKA + "webhook:\n",
        "reflexarc.yaml:2 webhook: has no value — write `listen: 127.0.0.1:8080` below it, or remove the line",
    ),
    "an open webhook": (
        KAFKA + "webhook: {listen: '0.0.0.0:8080'}\n",
        (
            "reflexarc.yaml:2 webhook.listen: is open to the network without a token — add token_file, or listen on"
            " 127.0.0.1"
        ),
    ),
    "no password": (
        VCENTER,
        (
            "reflexarc.yaml:3 vcenters.vc1.password: is missing — add password_file: <path>, or password:"
            " ${NAME} from the"
            " environment"
        ),
    ),
    "a password in clear": (
        VCENTER + "    password: hunter2\n",
        (
            "reflexarc.yaml:6 vcenters.vc1.password: is written in clear — keep it in a file and write password_file:"
            " <path>, or in the environment and write password: ${NAME}"
        ),
    ),
    "a variable that is not set": (
        VCENTER + "    password: ${VC2_PASSWORD}\n",
        (
            "reflexarc.yaml:6 vcenters.vc1.password: environment variable VC2_PASSWORD is not set — export it"
            " before the"
            " start"
        ),
    ),
    "a secret file that is not there": (
        VCENTER + "    password_file: hunter2\n",
        (
            "reflexarc.yaml:6 vcenters.vc1.password_file: names a file that does not exist — relative paths"
            " start at the"
            " folder of this file"
        ),
    ),
    "a folder as a secret file": (
        VCENTER + "    password_file: /\n",
        (
            "reflexarc.yaml:6 vcenters.vc1.password_file: names a file that cannot be read: is a directory — let"
            " this user"
            " read it"
        ),
    ),
    "a secret in a URL": (
        VCENTER.replace("vc1\n", "reader:hunter2@vc1\n") + "    password: ${VC1_PASSWORD}\n",
        (
            "reflexarc.yaml:4 vcenters.vc1.url: holds credentials — remove them from the URL and use the fields"
            " made for"
            " secrets"
        ),
    ),
    "a vCenter name with a slash": (
        VCENTER.replace("vc1:", "dc/vc1:") + "    password: ${VC1_PASSWORD}\n",
        (
            "reflexarc.yaml:3 vcenters.dc/vc1: is not a usable name — use letters, digits and inner '.', '_',"
            " '-', at most"
            " 100 characters"
        ),
    ),
    "a start that is no time": (
        VCENTER + "    password: ${VC1_PASSWORD}\n    start_from: yesterday\n",
        (
            "reflexarc.yaml:7 vcenters.vc1.start_from: is no starting point — write now, a time back (24h) or a"
            " timestamp"
            " (2026-01-31T06:00:00Z)"
        ),
    ),
    "a sink name in capitals": (
        SINK.replace("functions", "Functions"),
        (
            "reflexarc.yaml:3 sinks.Functions: is not a usable name — use a-z, 0-9 and inner hyphens, at most 100"
            " characters"
        ),
    ),
    "a reserved sink name": (
        SINK.replace("functions", "ingest"),
        "reflexarc.yaml:3 sinks.ingest: is reserved for the dead letters of ingest — choose another name",
    ),
    "a name inside a sink": (
        SINK.replace("type: http", "name: functions, type: http"),
        "reflexarc.yaml:3 sinks.functions.name: is not a known key — the name is the key above: functions",
    ),
    "an unknown connector": (
        SINK.replace("type: http", "type: htpp"),
        "reflexarc.yaml:3 sinks.functions.type: no connector is called htpp — did you mean http?",
    ),
    "a sink that is no mapping": (
        KAFKA + "sinks: {functions: http}\n",
        "reflexarc.yaml:2 sinks.functions: is not a mapping of keys to values — write key: value below it",
    ),
    "a sink on an unknown vCenter": (
        KAFKA + "sinks:\n  isolate: {type: vsphere, action: disconnect-vnic, vcenters: [vc1]}\n",
        "reflexarc.yaml:3 sinks.isolate.vcenters[0]: no vCenter is called vc1 — define it below vcenters:",
    ),
    "a back-off without room": (
        SINK.replace("type: http", "type: http, backoff_delay: 1m"),
        "reflexarc.yaml:3 sinks.functions.backoff_max: is shorter than backoff_delay — write at least backoff_delay",
    ),
    "a route to nowhere": (
        SINK + "routes:\n  - {name: a, to: [function]}\n",
        "reflexarc.yaml:5 routes[0].to[0]: no sink is called function — did you mean functions?",
    ),
    "a route without a sink": (
        SINK + "routes:\n  - {name: a, to: []}\n",
        "reflexarc.yaml:5 routes[0].to: names no sink — name one",
    ),
    "a route to a sink twice": (
        SINK + "routes:\n  - {name: a, to: [functions, functions]}\n",
        "reflexarc.yaml:5 routes[0].to: names functions twice — name each once",
    ),
    "a route that matches nothing": (
        SINK + "routes:\n  - {name: a, match: {subject: []}, to: functions}\n",
        (
            "reflexarc.yaml:5 routes[0].match.subject: names nothing — name one, or leave the key out to match every"
            " event"
        ),
    ),
    "a route name twice": (
        SINK + "routes:\n  - {name: a, to: functions}\n  - {name: a, to: functions}\n",
        "reflexarc.yaml:6 routes[1].name: a is already the name of routes[0] — rename one",
    ),
    "routes as a mapping": (
        KAFKA + "routes: {a: {to: b}}\n",
        "reflexarc.yaml:2 routes: is not a list — write one `- name: …` per route",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_gets_one_line_with_place_fault_and_cure(
    name: str, write: Callable[[str], Path], reflexarc: Callable[..., Any]
) -> None:
    text, line = WRONG[name]
    write(text)
    outcome = reflexarc("check")
    assert (2, "", line + "\n") == (outcome.code, outcome.out, outcome.err)


def test_a_file_that_does_not_exist_gets_one_line(reflexarc: Callable[..., Any]) -> None:
    outcome = reflexarc("--config", "nowhere.yaml", "check")
    line = "nowhere.yaml: does not exist — name the file with --config, or start from `reflexarc config example`\n"
    assert (2, "", line) == (outcome.code, outcome.out, outcome.err)


def test_a_file_that_is_not_text_gets_one_line(tmp_path: Path, reflexarc: Callable[..., Any]) -> None:
    (tmp_path / "reflexarc.yaml").write_bytes(b"kafka:\n  prefix: \xff\n")
    outcome = reflexarc("check")
    assert (2, "reflexarc.yaml:2: is not UTF-8 text — store it as UTF-8\n") == (outcome.code, outcome.err)


def test_every_mistake_of_a_file_gets_its_line_at_once(
    write: Callable[[str], Path], reflexarc: Callable[..., Any]
) -> None:
    write("kafka: {bootstrap: a, prefix: '-'}\nroutes:\n  - {name: a, to: b}\n")
    assert [
        "reflexarc.yaml:1 kafka.bootstrap: is not host:port — write it as 127.0.0.1:9092 or [::1]:9092",
        (
            "reflexarc.yaml:1 kafka.prefix: is not a usable prefix — use letters, digits and inner '.', '_', '-', at"
            " most 80 characters"
        ),
        "reflexarc.yaml:3 routes[0].to: no sink is called b — define it below sinks:",
    ] == reflexarc("check").err.splitlines()


@pytest.mark.parametrize("name", [name for name, (text, _) in WRONG.items() if "hunter2" in text])
@pytest.mark.parametrize("options", [(), ("-v",)])
def test_a_misplaced_secret_is_not_printed(
    name: str, options: tuple[str, ...], write: Callable[[str], Path], reflexarc: Callable[..., Any]
) -> None:
    write(WRONG[name][0])
    for json in ((), ("--json",)):
        outcome = reflexarc(*options, "check", *json)
        assert "hunter2" not in outcome.out + outcome.err
