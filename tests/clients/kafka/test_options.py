from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient

from clients.kafka import options
from clients.kafka.log import LOGGER
from schemas.config import KafkaConfig, Secret, SecurityConfig
from schemas.config.kafka import RESERVED
from schemas.errors import ConfigError, Refused

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = KafkaConfig(bootstrap="localhost:9092")


def test_a_client_knows_brokers_name_and_log() -> None:
    properties = options.client(PLAIN, client_id="reflexarc-test")
    expected = {"bootstrap.servers": "localhost:9092", "client.id": "reflexarc-test", "logger": LOGGER}
    assert expected == {name: properties[name] for name in expected}
    assert callable(properties["error_cb"])


def test_security_becomes_properties(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\n")
    (tmp_path / "ca.pem").write_text("")
    security = SecurityConfig(
        protocol="SASL_SSL",
        mechanism="SCRAM-SHA-512",
        username="reflexarc",
        password=Secret.from_file(tmp_path / "password"),
        ca_file=tmp_path / "ca.pem",
    )
    properties = options.client(PLAIN.model_copy(update={"security": security}), client_id="x")
    expected = {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "reflexarc",
        "sasl.password": "s3cret",
        "ssl.ca.location": str(tmp_path / "ca.pem"),
    }
    assert expected == {name: properties[name] for name in expected}


def test_a_password_is_read_anew_for_every_client(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("old-password")
    security = SecurityConfig(
        protocol="SASL_PLAINTEXT", mechanism="PLAIN", username="u", password=Secret.from_file(password)
    )
    config = PLAIN.model_copy(update={"security": security})
    password.write_text("new-password")
    assert "new-password" == options.client(config, client_id="x")["sasl.password"]
    password.unlink()
    with pytest.raises(Refused, match="password"):
        options.client(config, client_id="x")


def test_a_producer_confirms_everything_once_and_in_order() -> None:
    properties = options.producer(PLAIN, client_id="x")
    assert ("all", True) == (properties["acks"], properties["enable.idempotence"])
    assert "transactional.id" not in properties


def test_a_transaction_ends_before_its_deliveries_can() -> None:
    properties = options.producer(PLAIN, client_id="x", transactional_id="reflexarc.t")
    assert "reflexarc.t" == properties["transactional.id"]
    assert properties["delivery.timeout.ms"] <= properties["transaction.timeout.ms"]


def test_a_consumer_commits_nothing_by_itself_and_never_jumps() -> None:
    properties = options.consumer(PLAIN, "reflexarc.router", client_id="x")
    expected = {
        "group.id": "reflexarc.router",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",
        "isolation.level": "read_committed",
        "allow.auto.create.topics": False,
    }
    assert expected == {name: properties[name] for name in expected}


def test_an_option_of_the_operator_replaces_our_default() -> None:
    config = KafkaConfig(bootstrap="localhost:9092", options={"linger.ms": 7, "delivery.timeout.ms": 5000})
    properties = options.producer(config, client_id="x")
    assert ("7", "5000") == (properties["linger.ms"], properties["delivery.timeout.ms"])


def test_every_promise_is_out_of_reach_of_the_operator() -> None:
    promises = set(options._PRODUCER_PROMISES) | set(options._CONSUMER_PROMISES)
    assert set() == promises - set(RESERVED)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        (Producer, options.producer(PLAIN, client_id="x")),
        (Producer, options.producer(PLAIN, client_id="x", transactional_id="t")),
        (Consumer, options.consumer(PLAIN, "g", client_id="x")),
        (AdminClient, options.client(PLAIN, client_id="x")),
    ],
)
def test_librdkafka_takes_every_property(kind: Any, properties: dict[str, Any]) -> None:
    handle = options.construct(kind, properties)
    if isinstance(handle, Consumer):
        handle.close()


@pytest.mark.parametrize("given", [{"no.such.option": "1"}, {"linger.ms": "soon"}])
def test_an_option_librdkafka_does_not_take_is_a_fault_of_the_configuration(given: dict[str, str]) -> None:
    config = KafkaConfig(bootstrap="localhost:9092", options=given)
    with pytest.raises(ConfigError) as caught:
        options.construct(Producer, options.producer(config, client_id="x"))
    (problem,) = caught.value.problems
    assert "kafka.options" == problem.where


def test_a_file_that_holds_no_certificates_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("this is no certificate")
    security = SecurityConfig(protocol="SSL", ca_file=tmp_path / "ca.pem")
    config = PLAIN.model_copy(update={"security": security})
    with pytest.raises(ConfigError) as caught:
        options.construct(Producer, options.producer(config, client_id="x"))
    (problem,) = caught.value.problems
    assert "kafka.security.ca_file" == problem.where
