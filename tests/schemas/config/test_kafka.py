from __future__ import annotations

import pytest
from pydantic import ValidationError

from schemas.config import KafkaConfig, Secret
from schemas.config.kafka import RESERVED

PASSWORD = Secret.from_env("P", {"P": "hunter2"})
SASL = {"protocol": "SASL_SSL", "mechanism": "PLAIN", "username": "u", "password": PASSWORD}


def kafka(**settings: object) -> KafkaConfig:
    return KafkaConfig.model_validate({"bootstrap": "localhost:9092", **settings})


@pytest.mark.parametrize(("replication", "min_insync"), [(1, 1), (2, 1), (3, 2), (5, 4)])
def test_one_broker_may_be_away(replication: int, min_insync: int) -> None:
    assert min_insync == kafka(replication=replication).min_insync


@pytest.mark.parametrize("brokers", ["", "host", "host:", "host:99999", ":9092", "a:1,,b:2", "http://a:1", "::1:9092"])
def test_brokers_are_hosts_with_ports(brokers: str) -> None:
    with pytest.raises(ValidationError, match="is not host:port"):
        kafka(bootstrap=brokers)


@pytest.mark.parametrize("prefix", ["", "a b", "-a", "a.", "ä", "a/b", "x" * 81])
def test_a_prefix_fits_topic_names(prefix: str) -> None:
    with pytest.raises(ValidationError, match="is not a usable prefix"):
        kafka(prefix=prefix)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_an_option_that_would_break_a_promise_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        kafka(options={name: "x"})
    assert RESERVED[name] == caught.value.errors()[0]["ctx"]["error"].cure


def test_further_options_are_text_as_librdkafka_reads_it() -> None:
    expected = {"socket.keepalive.enable": "true", "linger.ms": "5", "ssl.key.location": "/k"}
    assert (
        expected == kafka(options={"socket.keepalive.enable": True, "linger.ms": 5, "ssl.key.location": "/k"}).options
    )


@pytest.mark.parametrize("value", [None, [], {}])
def test_an_option_is_a_scalar(value: object) -> None:
    with pytest.raises(ValidationError, match="is not a librdkafka value"):
        kafka(options={"linger.ms": value})


@pytest.mark.parametrize("missing", ["mechanism", "username", "password"])
def test_sasl_needs_its_credentials(missing: str) -> None:
    security = {key: value for key, value in SASL.items() if key != missing}
    with pytest.raises(ValidationError, match="is missing"):
        kafka(security=security)


@pytest.mark.parametrize("useless", ["mechanism", "username", "password"])
def test_credentials_without_sasl_are_refused(useless: str) -> None:
    with pytest.raises(ValidationError, match="has no effect with SSL"):
        kafka(security={"protocol": "SSL", useless: SASL[useless]})


def test_authorities_without_tls_are_refused() -> None:
    with pytest.raises(ValidationError, match="has no effect with SASL_PLAINTEXT"):
        kafka(security={**SASL, "protocol": "SASL_PLAINTEXT", "ca_file": __file__})
