from __future__ import annotations

import pytest
from confluent_kafka import KafkaError, KafkaException

from clients.kafka.errors import Connection, PublishRejected, TopicRefused, explain, passes, reason
from schemas.config import KafkaConfig
from schemas.errors import ReflexarcError, Refused, Unreachable

CONFIG = KafkaConfig(bootstrap="kafka.example.org:9092")


def explained(error: KafkaError, *heard: KafkaError) -> ReflexarcError:
    connection = Connection()
    for said in heard:
        connection.heard(said)
    return explain(error, doing="publish to t", config=CONFIG, connection=connection)


def error(name: str, reason: str | None = None, *, fatal: bool = False) -> KafkaError:
    return KafkaError(getattr(KafkaError, name), reason, fatal)


@pytest.mark.parametrize("name", ["MSG_SIZE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_RECORD", "INVALID_TIMESTAMP"])
def test_a_record_nobody_will_ever_take_is_rejected(name: str) -> None:
    assert PublishRejected is type(explained(error(name)))


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("_AUTHENTICATION", "kafka.security.password_file"),
        ("SASL_AUTHENTICATION_FAILED", "kafka.security.username"),
        ("UNSUPPORTED_SASL_MECHANISM", "kafka.security.mechanism"),
        ("_SSL", "kafka.security.ca_file"),
        ("TOPIC_AUTHORIZATION_FAILED", "topics create --print"),
        ("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "topics create --print"),
        ("UNKNOWN_TOPIC_OR_PART", "topics create"),
        ("INVALID_REPLICATION_FACTOR", "kafka.replication"),
    ],
)
def test_a_refusal_names_what_to_change(name: str, cure: str) -> None:
    refusal = explained(error(name))
    assert isinstance(refusal, Refused)
    assert cure in (refusal.cure or "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TOPIC_AUTHORIZATION_FAILED", TopicRefused),
        ("_UNKNOWN_TOPIC", TopicRefused),
        ("_AUTHENTICATION", Refused),
        ("CLUSTER_AUTHORIZATION_FAILED", Refused),
    ],
)
def test_a_refusal_of_one_topic_is_told_from_one_of_the_cluster(name: str, expected: type[Refused]) -> None:
    assert expected is type(explained(error(name)))


@pytest.mark.parametrize("name", ["_MSG_TIMED_OUT", "_TRANSPORT", "_TIMED_OUT", "NOT_ENOUGH_REPLICAS", "_PURGE_QUEUE"])
def test_everything_else_is_waiting(name: str) -> None:
    assert Unreachable is type(explained(error(name)))


def test_a_timeout_is_explained_by_the_refusal_behind_it() -> None:
    cause = explained(error("_MSG_TIMED_OUT"), error("_AUTHENTICATION", "wrong password"))
    assert isinstance(cause, Refused)
    assert "cannot publish to t at kafka.example.org:9092: wrong password" == cause.message


def test_that_a_refused_connection_is_closed_then_explains_nothing() -> None:
    cause = explained(error("_TIMED_OUT"), error("_SSL", "no certificate"), error("_TRANSPORT", "disconnected"))
    assert isinstance(cause, Refused)


def test_that_all_brokers_are_down_explains_nothing() -> None:
    cause = explained(error("_TIMED_OUT"), error("_AUTHENTICATION", "wrong password"), error("_ALL_BROKERS_DOWN"))
    assert "wrong password" in cause.message


def test_a_broker_without_tls_is_a_matter_of_configuration() -> None:
    text = "ssl://h:1/bootstrap: SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?"
    cause = explained(error("_MSG_TIMED_OUT"), error("_TRANSPORT", f"{text} (after 3ms in state SSL_HANDSHAKE)"))
    assert isinstance(cause, Refused)
    assert "kafka.security.protocol" in (cause.cure or "")
    assert cause.message.endswith(text)


def test_an_answer_about_the_record_is_not_overruled_by_the_connection() -> None:
    assert PublishRejected is type(explained(error("MSG_SIZE_TOO_LARGE"), error("_AUTHENTICATION")))


def test_what_was_said_before_success_explains_nothing_after_it() -> None:
    connection = Connection()
    connection.heard(error("_AUTHENTICATION"))
    connection.works()
    cause = explain(error("_MSG_TIMED_OUT"), doing="x", config=CONFIG, connection=connection)
    assert Unreachable is type(cause)


def test_a_client_that_has_ended_needs_a_new_start() -> None:
    for said in (error("_FATAL"), error("_PURGE_QUEUE")):
        cause = explained(said, error("OUT_OF_ORDER_SEQUENCE_NUMBER", "gap", fatal=True))
        assert ReflexarcError is type(cause)
        assert "start the process again" == cause.cure


def test_a_client_that_ended_for_want_of_permission_is_refused() -> None:
    cause = explained(error("_PURGE_QUEUE"), error("CLUSTER_AUTHORIZATION_FAILED", "no", fatal=True))
    assert isinstance(cause, Refused)


def test_nothing_revives_a_client_that_has_ended() -> None:
    connection = Connection()
    connection.heard(error("OUT_OF_ORDER_SEQUENCE_NUMBER", fatal=True))
    connection.works()
    connection.heard(error("_TRANSPORT"))
    assert connection.ended


@pytest.mark.parametrize(
    "name",
    [
        "UNKNOWN_TOPIC_OR_PART",
        "_UNKNOWN_TOPIC",
        "_UNKNOWN_PARTITION",
        "NOT_COORDINATOR",
        "COORDINATOR_LOAD_IN_PROGRESS",
        "COORDINATOR_NOT_AVAILABLE",
        "LEADER_NOT_AVAILABLE",
        "NOT_LEADER_FOR_PARTITION",
    ],
)
def test_a_move_passes_by_itself_unless_it_has_ended_the_client(name: str) -> None:
    assert passes(error(name))
    assert not passes(error(name, fatal=True))


@pytest.mark.parametrize("name", ["TOPIC_AUTHORIZATION_FAILED", "_AUTHENTICATION", "_FATAL", "INVALID_RECORD"])
def test_what_a_person_must_cure_does_not_pass(name: str) -> None:
    assert not passes(error(name))


def test_the_reason_behind_a_system_error_is_found() -> None:
    fatal = error("OUT_OF_ORDER_SEQUENCE_NUMBER", "gap", fatal=True)
    raised = SystemError("returned a result with an exception set")
    raised.__cause__ = KafkaException(fatal)
    assert (fatal, fatal) == (reason(raised), reason(KafkaException(fatal)))


def test_a_system_error_without_kafka_behind_it_is_raised_again() -> None:
    raised = SystemError("something else")
    with pytest.raises(SystemError) as caught:
        reason(raised)
    assert raised is caught.value
