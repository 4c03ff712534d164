from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from schemas.config import Config, SinkConfig, load
from schemas.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WHOLE = """
kafka:
  bootstrap: kafka-1:9093, [::1]:9092
  prefix: dc1
  partitions: 12
  replication: 2
  retention: 2d
  security: {protocol: SASL_SSL, mechanism: SCRAM-SHA-512, username: u, password_file: secret, ca_file: ca.pem}
  options: {socket.keepalive.enable: true, linger.ms: 5}
vcenters:
  vc1: &vc {url: https://vc1.example.org, username: u, password_file: secret, ca_file: ca.pem, start_from: 24h}
  vc2: {<<: *vc, url: https://vc2.example.org/sdk, start_from: 2026-01-31T07:00:00+01:00, poll: 1s, page: 1000}
webhook: {listen: 0.0.0.0:8080, token: "${TOKEN}", max_body: 64KiB}
routes:
  - {name: power, match: {subject: [VmPoweredOffEvent, DrsVmPoweredOnEvent]}, to: [functions, tag]}
  - {name: everything, to: functions}
sinks:
  functions: {type: post, url: "http://127.0.0.1:8081", retry: 0, timeout: 5s}
  tag: {type: act, vcenter: vc2, backoff_policy: linear, backoff_delay: 1s}
"""

SMALLEST = "kafka: {bootstrap: 'localhost:9092'}"


@pytest.fixture
def whole(configured: Callable[..., Config]) -> Config:
    return configured(WHOLE, {"TOKEN": "hunter2"})


def problems(configured: Callable[..., Config], text: str) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        configured(text)
    return list(caught.value.problems)


def test_the_smallest_file_names_the_brokers(configured: Callable[..., Config]) -> None:
    config = configured(SMALLEST)
    assert ("localhost:9092", "reflexarc", 6, 3, 2) == (
        config.kafka.bootstrap,
        config.kafka.prefix,
        config.kafka.partitions,
        config.kafka.replication,
        config.kafka.min_insync,
    )
    assert ({}, None, (), {}) == (config.vcenters, config.webhook, config.routes, config.sinks)


def test_kafka_is_read(whole: Config) -> None:
    assert "kafka-1:9093,[::1]:9092" == whole.kafka.bootstrap
    assert 172_800 == whole.kafka.retention
    assert 1 == whole.kafka.min_insync
    assert {"socket.keepalive.enable": "true", "linger.ms": "5"} == whole.kafka.options
    assert "hunter2" == whole.kafka.security.password.reveal()


def test_vcenters_carry_their_name_and_the_default_path(whole: Config) -> None:
    assert ["vc1", "vc2"] == [vcenter.name for vcenter in whole.vcenters.values()]
    assert "https://vc1.example.org/sdk" == whole.vcenters["vc1"].url


def test_a_tail_starts_back_in_time_or_at_an_instant_in_utc(whole: Config) -> None:
    assert 86_400 == whole.vcenters["vc1"].start_from
    assert datetime(2026, 1, 31, 6, tzinfo=UTC) == whole.vcenters["vc2"].start_from


def test_relative_paths_start_at_the_folder_of_the_file(whole: Config, tmp_path: Path) -> None:
    assert tmp_path / "ca.pem" == whole.vcenters["vc1"].ca_file


def test_the_webhook_is_read(whole: Config) -> None:
    assert ("0.0.0.0", 8080, 65_536) == (whole.webhook.host, whole.webhook.port, whole.webhook.max_body)
    assert "hunter2" == whole.webhook.token.reveal()


def test_routes_keep_their_order_and_take_one_value_or_a_list(whole: Config) -> None:
    assert ["power", "everything"] == [route.name for route in whole.routes]
    assert ("VmPoweredOffEvent", "DrsVmPoweredOnEvent") == whole.routes[0].match.subject
    assert (None, ("functions",)) == (whole.routes[1].match.subject, whole.routes[1].to)


def test_sinks_carry_their_name_and_are_of_their_connectors_model(whole: Config) -> None:
    assert ["functions", "tag"] == [sink.name for sink in whole.sinks.values()]
    assert ["PostConfig", "ActConfig"] == [type(sink).__name__ for sink in whole.sinks.values()]
    assert (0, 5.0, 0.2, 30.0, "exponential") == (
        whole.sinks["functions"].retry,
        whole.sinks["functions"].timeout,
        whole.sinks["functions"].backoff_delay,
        whole.sinks["functions"].backoff_max,
        whole.sinks["functions"].backoff_policy,
    )


def test_everything_is_frozen(whole: Config) -> None:
    with pytest.raises(ValidationError):
        whole.kafka.prefix = "other"  # type: ignore[misc]


def test_no_text_form_of_the_whole_shows_a_secret(whole: Config) -> None:
    assert "hunter2" not in f"{whole!r} {whole} {whole.model_dump()} {whole.model_dump_json()}"


def test_connectors_are_asked_for_used_types_only(write: Callable[[str], Path]) -> None:
    asked = []

    def model(kind: str) -> type[SinkConfig]:
        asked.append(kind)
        return SinkConfig

    load(write(f"{SMALLEST}\nsinks: {{a: {{type: y}}}}"), sink_models=model, sink_types=("x", "y"))
    assert ["y"] == asked


def test_all_problems_come_at_once_in_the_order_of_lines(configured: Callable[..., Config]) -> None:
    text = """
    kafka: {bootstrap: nowhere, partitions: 0}
    vcenters:
      vc1: {url: ftp://x, username: "", password: hunter2}
    routes:
      - {name: a, to: [sinc]}
      - {name: a, to: []}
      - {nam: b, to: sink}
    sinks:
      sink: {type: post, url: nothing, retry: many, login: {user: u, passwort: x}}
    """
    assert [
        ("kafka.bootstrap", 2),
        ("kafka.partitions", 2),
        ("vcenters.vc1.url", 4),
        ("vcenters.vc1.username", 4),
        ("vcenters.vc1.password", 4),
        ("routes[0].to[0]", 6),
        ("routes[1].to", 7),
        ("routes[2].name", 8),
        ("routes[2].nam", 8),
        ("sinks.sink.retry", 10),
        ("sinks.sink.url", 10),
        ("sinks.sink.login.password", 10),
        ("sinks.sink.login.passwort", 10),
    ] == [(problem.where, problem.line) for problem in problems(configured, text)]


def test_a_route_to_a_broken_sink_is_not_a_second_problem(configured: Callable[..., Config]) -> None:
    text = f"{SMALLEST}\nroutes: [{{name: a, to: s}}]\nsinks: {{s: {{type: post, url: x}}}}"
    assert ["sinks.s.url"] == [problem.where for problem in problems(configured, text)]


def test_a_name_used_by_two_routes_points_at_the_first(configured: Callable[..., Config]) -> None:
    text = f"{SMALLEST}\nroutes:\n- {{name: a, to: s}}\n- {{name: a, to: s}}\nsinks: {{s: {{type: post, url: 'http://h'}}}}"
    expected = [Problem("routes[1].name", "a is already the name of routes[0]", "rename one", 4)]
    assert expected == problems(configured, text)


def test_a_branch_of_a_union_is_no_part_of_the_path(configured: Callable[..., Config]) -> None:
    text = f"{SMALLEST}\nsinks: {{s: {{type: post, url: 'http://h', retries_on: x}}}}"
    assert ["sinks.s.retries_on"] == [problem.where for problem in problems(configured, text)]


def test_an_unknown_key_in_a_nested_part_suggests_a_key_of_that_part(configured: Callable[..., Config]) -> None:
    text = "kafka: {bootstrap: 'a:1', security: {protocoll: SSL}}"
    assert ["did you mean protocol?"] == [problem.cure for problem in problems(configured, text)]


def test_a_folder_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, sink_models=lambda _: SinkConfig, sink_types=())
    assert "cannot be read: is a directory" == caught.value.problems[0].what


def test_ten_thousand_routes_load_in_seconds(configured: Callable[..., Config]) -> None:
    routes = "".join(f"- {{name: r{n}, match: {{subject: S{n}}}, to: s}}\n" for n in range(10_000))
    config = configured(f"{SMALLEST}\nsinks: {{s: {{type: post, url: 'http://h'}}}}\nroutes:\n{routes}")
    assert 10_000 == len(config.routes)
