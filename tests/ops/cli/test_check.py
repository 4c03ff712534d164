from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_it_prints_vcenters_routes_sinks_and_topics(configuration: Path, reflexarc: Callable[..., Any]) -> None:
    outcome = reflexarc("check")
    assert (0, "") == (outcome.code, outcome.err)
    lines = [" ".join(line.split()) for line in outcome.out.splitlines()]
    assert "vc1 https://vc1.example.org/sdk reader now system authorities" in lines
    assert "power VmPoweredOffEvent functions" in lines
    assert "functions http 5 15s" in lines
    assert "reflexarc.sink.functions 6 1 delete 7d" in lines
    assert "reflexarc.yaml: ok" == lines[-1]


def test_json_holds_the_same_with_secrets_blanked(configuration: Path, reflexarc: Callable[..., Any]) -> None:
    outcome = reflexarc("check", "--json")
    result = json.loads(outcome.out)
    assert (0, True, []) == (outcome.code, result["ok"], result["problems"])
    assert "**********" == result["config"]["vcenters"]["vc1"]["password"]
    assert "reflexarc.events" in [topic["name"] for topic in result["topics"]]
    assert "hunter2-of-vc1" not in outcome.out


def test_json_lists_the_problems_too(write: Callable[[str], Path], reflexarc: Callable[..., Any]) -> None:
    write("kafka: {bootstrap: nowhere}\n")
    outcome = reflexarc("check", "--json")
    cure = "write it as 127.0.0.1:9092 or [::1]:9092"
    expected = [{"where": "kafka.bootstrap", "what": "is not host:port", "cure": cure, "line": 1, "file": None}]
    assert (2, expected) == (outcome.code, json.loads(outcome.out)["problems"])
    assert 1 == len(outcome.err.splitlines())


def test_it_notes_what_is_seldom_meant(write: Callable[[str], Path], reflexarc: Callable[..., Any]) -> None:
    write("kafka: {bootstrap: 'a:1'}\nsinks: {s: {type: http, url: 'http://127.0.0.1:1'}}\n")
    out = reflexarc("check").out.splitlines()
    assert "note: no route leads to the sink s" in out
    assert "note: nothing brings events in: there is neither a vCenter nor a webhook" in out


def test_it_notes_routes_that_would_give_one_sink_an_event_in_two_forms(
    write: Callable[[str], Path], reflexarc: Callable[..., Any]
) -> None:
    write("""
        kafka: {bootstrap: "a:1"}
        sinks: {s: {type: http, url: "http://127.0.0.1:1"}}
        routes:
          - {name: "on", match: {subject: VmPoweredOnEvent}, to: s}
          - {name: "off", match: {subject: VmPoweredOffEvent}, transform: {constant: {a: 1}}, to: s}
          - {name: idle, enabled: false, transform: {constant: {a: 2}}, to: s}
          - {name: vms, match: {subject: "Vm*"}, transform: {constant: {a: 2}}, to: s}
    """)
    notes = [line for line in reflexarc("check").out.splitlines() if line.startswith("note: routes")]
    expected = (
        "note: routes on and vms reshape events for s differently; "
        "an event that takes both comes there once, as on leaves it"
    )
    assert [expected] == notes


def test_it_notes_a_vcenter_that_is_not_verified(write: Callable[[str], Path], reflexarc: Callable[..., Any]) -> None:
    write(
        "kafka: {bootstrap: 'a:1'}\n"
        "vcenters: {v: {url: 'https://v', username: u, password: '${VC1_PASSWORD}', insecure: true}}\n"
    )
    assert "note: the certificate of vCenter v is not verified" in reflexarc("check").out.splitlines()


def test_it_says_that_a_certificate_is_pinned(write: Callable[[str], Path], reflexarc: Callable[..., Any]) -> None:
    write(
        "kafka: {bootstrap: 'a:1'}\n"
        "vcenters: {v: {url: 'https://v', username: u, password: '${VC1_PASSWORD}', password_expires: 2026-01-31, "
        f"thumbprint: {'ab' * 32}}}}}\n"
    )
    assert "v https://v/sdk u now pinned" in [" ".join(line.split()) for line in reflexarc("check").out.splitlines()]
    stored = json.loads(reflexarc("check", "--json").out)["config"]["vcenters"]["v"]
    assert ("ab" * 32, "2026-01-31") == (stored["thumbprint"], stored["password_expires"])


def test_markup_in_names_is_printed_as_it_is(write: Callable[[str], Path], reflexarc: Callable[..., Any]) -> None:
    write(
        "kafka: {bootstrap: '[::1]:9092'}\n"
        "routes: [{name: r, match: {subject: '[bold]x'}, to: s}]\n"
        "sinks: {s: {type: http, url: 'http://127.0.0.1:1'}}\n"
    )
    assert "[bold]x" in reflexarc("check").out


def test_the_file_is_named_by_option_or_environment(
    configuration: Path, reflexarc: Callable[..., Any], monkeypatch: Any
) -> None:
    configuration.rename(configuration.with_name("other.yaml"))
    assert 2 == reflexarc("check").code
    assert 0 == reflexarc("-c", "other.yaml", "check").code
    monkeypatch.setenv("REFLEXARC_CONFIG", "other.yaml")
    assert 0 == reflexarc("check").code


def test_an_event_type_that_nobody_knows_is_a_problem_with_a_suggestion(
    write: Callable[[str], Path], reflexarc: Callable[..., Any]
) -> None:
    write(
        "kafka: {bootstrap: 'a:1'}\n"
        "vcenters: {v: {url: 'https://v', username: u, password: '${VC1_PASSWORD}', event_types: [VmEvent, VmEvnt]}}\n"
    )
    outcome = reflexarc("check", "--json")
    (problem,) = json.loads(outcome.out)["problems"]
    assert (2, "vcenters.v.event_types[1]", "did you mean VmEvent?") == (
        outcome.code,
        problem["where"],
        problem["cure"],
    )


def test_it_shows_what_each_endpoint_of_the_webhook_asks_for(
    write: Callable[[str], Path], reflexarc: Callable[..., Any]
) -> None:
    write("""
        kafka: {bootstrap: "a:1"}
        webhook:
          endpoints:
            events: {type: cloudevents, door: {certificates: [a], allow: [10.0.0.0/8]}, origins: {a.example: 60/m}}
            log: {type: log-alert, path: /alerts/log}
          tls: {certificate_file: reflexarc.yaml, key_file: reflexarc.yaml, client_ca_file: reflexarc.yaml}
    """)
    lines = [" ".join(line.split()) for line in reflexarc("check").out.splitlines()]
    assert "events 127.0.0.1:8080 /events cloudevents certificates, allow 1MiB" in lines
    assert "log 127.0.0.1:8080 /alerts/log log-alert none 1MiB" in lines
    assert ["10.0.0.0/8"] == json.loads(reflexarc("check", "--json").out)["config"]["webhook"]["endpoints"]["events"][
        "door"
    ]["allow"]


def test_two_sinks_that_would_act_on_one_event_are_a_problem(
    write: Callable[[str], Path], reflexarc: Callable[..., Any]
) -> None:
    """Unless one of them says that it is meant."""
    text = """
        kafka: {bootstrap: "a:1"}
        vcenters: {vc1: {url: "https://v", username: u, password: "${VC1_PASSWORD}"}}
        sinks:
          old: {type: vsphere, action: power-on}
          new: {type: remediation, action: power-on MORE}
        routes: [{name: "off", match: {subject: VmPoweredOffEvent}, to: [old, new]}]
    """
    write(text.replace(" MORE", ""))
    outcome = reflexarc("check")
    assert 2 == outcome.code
    assert "old and new would both act on one event: by power-on" in outcome.err
    assert "beside_others: true at sinks.new" in outcome.err
    write(text.replace(" MORE", ", beside_others: true"))
    outcome = reflexarc("check")
    assert (0, "") == (outcome.code, outcome.err)
    assert "note: remediation.dry_run is on: new only says what would be done" in outcome.out.splitlines()
