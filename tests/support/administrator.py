"""The Kafka administrator: makes users, grants what a plan lists, and may read everything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import (  # public, but not marked as re-exported
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from clients.kafka import options
from clients.kafka.admin import wait_for_broker
from schemas.config import Secret
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from confluent_kafka import Message

    from schemas.config import KafkaConfig

ITERATIONS = 4096
SECONDS = 30


class Administrator:
    """Whoever ``config`` says, who should be a super user; ``as_user`` is the view of anybody else."""

    def __init__(self, config: KafkaConfig) -> None:
        self.config = config
        self._passwords: dict[str, str] = {}
        self._properties = options.client(config, client_id="administrator")
        self._admin = options.construct(AdminClient, self._properties)

    def as_user(self, name: str) -> KafkaConfig:
        """How a component connects that was given a user that was added here."""
        login = {"username": name, "password": Secret.from_env(name, self._passwords)}
        return self.config.model_copy(update={"security": self.config.security.model_copy(update=login)})

    def add_user(self, name: str, password: str) -> None:
        """Make a user, or give one another password; returns when the broker lets it in."""
        self._passwords[name] = password
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
        wanted = UserScramCredentialUpsertion(name, info, password=password.encode())
        self._admin.alter_user_scram_credentials([wanted])[name].result(SECONDS)
        while not self._lets_in(name):
            pass

    def grant(self, acls: Iterable[Mapping[str, Any]]) -> None:
        """Grant entries of a plan's ``acls``; returns when the broker goes by them."""
        wanted = {binding for acl in acls for binding in _bindings(acl)}
        for answer in self._admin.create_acls(list(wanted)).values():
            answer.result(SECONDS)
        everything = AclBindingFilter(
            ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY
        )
        while not wanted <= set(self._admin.describe_acls(everything).result(SECONDS)):
            pass

    def records(self) -> Iterator[Message]:
        """Every record of every topic up to its end, also internal ones and those of aborted transactions."""
        reading = {
            "group.id": "administrator",
            "auto.offset.reset": "earliest",
            "isolation.level": "read_uncommitted",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
        consumer = Consumer(self._properties | reading)
        try:
            found = consumer.list_topics(timeout=SECONDS).topics.values()
            partitions = [TopicPartition(topic.topic, number, 0) for topic in found for number in topic.partitions]
            consumer.assign(partitions)
            open_ends = len(partitions)
            while open_ends:
                message = consumer.poll(SECONDS)
                assert message is not None, f"{open_ends} partitions have no end within {SECONDS} s"
                if message.error() is None:
                    yield message
                else:
                    assert message.error().name() == "_PARTITION_EOF", message.error()
                    open_ends -= 1
        finally:
            consumer.close()

    def _lets_in(self, user: str) -> bool:
        try:
            wait_for_broker(self.as_user(user), report=lambda _: None, timeout=SECONDS)
        except Refused:
            return False
        return True


def _bindings(acl: Mapping[str, Any]) -> Iterator[AclBinding]:
    for operation in acl["operations"]:
        yield AclBinding(
            ResourceType[_constant(acl["resource"])],
            acl["name"],
            ResourcePatternType[_constant(acl["pattern"])],
            acl["principal"],
            "*",
            AclOperation[_constant(operation)],
            AclPermissionType.ALLOW,
        )


def _constant(name: str) -> str:
    """``DescribeConfigs`` and ``transactional-id`` as the names of constants."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|-", "_", name).upper()
