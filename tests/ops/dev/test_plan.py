from __future__ import annotations

import pytest

from ops.dev.plan import Wanted, plan
from schemas.errors import ReflexarcError


def test_a_stack_is_a_broker_two_simulators_and_rabbitmq() -> None:
    assert ["kafka", "vc1", "vc2", "rabbitmq"] == [wanted.name for wanted in plan()]


def test_nothing_of_a_stack_is_external_unless_asked_for() -> None:
    assert {None} == {wanted.external for wanted in plan()}


def test_the_users_own_take_the_place_of_ours() -> None:
    wanted = plan(bootstrap="kafka:9092", vcenters=["https://a/sdk"], amqp="amqp://rabbit/")

    assert (
        Wanted("kafka", "kafka", "kafka:9092"),
        Wanted("vc1", "vcsim", "https://a/sdk"),
        Wanted("rabbitmq", "rabbitmq", "amqp://rabbit/"),
    ) == wanted


def test_any_number_of_the_users_vcenters_is_taken() -> None:
    wanted = plan(vcenters=[f"https://vc{number}/sdk" for number in range(3)], only=["vcsim"])

    assert ["vc1", "vc2", "vc3"] == [part.name for part in wanted]


def test_only_some_kinds_may_be_wanted() -> None:
    assert ["kafka", "rabbitmq"] == [wanted.name for wanted in plan(only=["rabbitmq", "kafka"])]


def test_an_unknown_kind_is_refused_with_the_choices() -> None:
    with pytest.raises(ReflexarcError, match=r"no such component: redis .*kafka, vcsim, rabbitmq"):
        plan(only=["kafka", "redis"])


@pytest.mark.parametrize("brokers", [None, 1, 3])
def test_kafka_alone_has_a_number_of_brokers(brokers: int | None) -> None:
    wanted = plan(brokers=brokers)

    assert [("kafka", brokers)] == [(part.name, part.brokers) for part in wanted if part.kind == "kafka"]
    assert {None} == {part.brokers for part in wanted if part.kind != "kafka"}


@pytest.mark.parametrize("brokers", [-1, 0, 2, 4])
def test_a_number_of_brokers_that_cannot_be_run_is_refused_with_the_choices(brokers: int) -> None:
    with pytest.raises(ReflexarcError, match=f"no Kafka of {brokers} brokers .*choose 1 or 3"):
        plan(brokers=brokers)


def test_the_users_own_broker_is_not_multiplied() -> None:
    with pytest.raises(ReflexarcError, match=r"for our Kafka, not for yours .*leave out --brokers"):
        plan(bootstrap="kafka:9092", brokers=3)
