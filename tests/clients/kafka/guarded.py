"""A broker that lets nobody do anything, and what its administrator does about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from confluent_kafka.admin import (  # public, but not marked as re-exported
    AclBinding,
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
from schemas.config import KafkaConfig, Secret, SecurityConfig
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.acls import Acl

PASSWORD = "a-password-of-the-tests"

_OPERATIONS = {
    "Create": AclOperation.CREATE,
    "Describe": AclOperation.DESCRIBE,
    "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS,
    "Read": AclOperation.READ,
    "Write": AclOperation.WRITE,
}
_RESOURCES = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional-id": ResourceType.TRANSACTIONAL_ID,
}
_PATTERNS = {"literal": ResourcePatternType.LITERAL, "prefixed": ResourcePatternType.PREFIXED}


class GuardedKafka:
    """The secure broker of a local stack, seen as its administrator; ``as_user`` is the view of anybody else."""

    def __init__(self, endpoint: str, details: Mapping[str, str], folder: Path) -> None:
        self._details = details
        self._password = folder / "password-of-users"
        self._password.write_text(PASSWORD)
        self._endpoint = endpoint
        self.config = self._config(details["username"], details["password_file"])
        self._admin = options.construct(AdminClient, options.client(self.config, client_id="administrator"))

    def as_user(self, name: str, **changes: Any) -> KafkaConfig:
        """How a component connects that was given the user ``name``."""
        return self._config(name, self._password).model_copy(update=changes)

    def add_user(self, name: str) -> None:
        """Make a user; returns when the broker knows it."""
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        wanted = UserScramCredentialUpsertion(name, info, password=PASSWORD.encode())
        self._admin.alter_user_scram_credentials([wanted])[name].result(30)
        while not self._knows(name):
            pass

    def grant(self, acls: Iterable[Acl]) -> None:
        """Allow what ``acls`` say."""
        bindings = [
            AclBinding(
                _RESOURCES[acl.resource],
                acl.name,
                _PATTERNS[acl.pattern],
                acl.principal,
                "*",
                _OPERATIONS[operation],
                AclPermissionType.ALLOW,
            )
            for acl in acls
            for operation in acl.operations
        ]
        for answer in self._admin.create_acls(bindings).values():
            answer.result(30)

    def _knows(self, user: str) -> bool:
        try:
            wait_for_broker(self.as_user(user), report=lambda _: None, timeout=30)
        except Refused:
            return False
        return True

    def _config(self, username: str, password_file: Path | str) -> KafkaConfig:
        security = SecurityConfig.model_validate(
            {
                "protocol": self._details["protocol"],
                "mechanism": self._details["mechanism"],
                "username": username,
                "password": Secret.from_file(Path(password_file)),
                "ca_file": self._details["ca_file"],
            }
        )
        return KafkaConfig(bootstrap=self._endpoint, prefix="dc", partitions=2, replication=1, security=security)
