"""What a Kafka administrator runs for us where we may not create topics ourselves: a script of Kafka's own tools."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from schemas.acls import acls
from schemas.topics import groups, table, transactional_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.acls import Acl
    from schemas.config import Config, KafkaConfig
    from schemas.topics import Topic

_CREDENTIALS: Final = "admin.properties"


def plan(config: Config) -> dict[str, Any]:
    """Topics with their settings, consumer groups, transactional ids and ACLs, as plain data."""
    return {
        "topics": [{**asdict(topic), "settings": topic.settings} for topic in table(config)],
        "groups": list(groups(config)),
        "transactional_ids": list(transactional_ids(config)),
        "acls": [asdict(acl) for acl in acls(config)],
    }


def script(config: Config) -> Iterator[str]:
    """The same as lines of a shell script; running it again changes nothing."""
    yield "#!/bin/sh"
    yield f"# Kafka resources of {config.kafka.prefix}; needs Apache Kafka's tools in PATH."
    if config.kafka.security.protocol != "PLAINTEXT":
        yield f"# {_CREDENTIALS} holds the client configuration of an administrator."
    yield "set -e"
    yield ""
    yield "# Topics"
    yield from (_create(config.kafka, topic) for topic in table(config))
    yield ""
    yield f"# Consumer groups, made when they are first used: {' '.join(groups(config))}"
    yield f"# Transactional ids, made when they are first used: {' '.join(transactional_ids(config))}"
    yield ""
    yield "# ACLs, for a cluster that authorizes; put the principals that its brokers see."
    for component, granted in groupby(acls(config), key=attrgetter("component")):
        yield f"# {component}"
        yield from (_grant(config.kafka, acl) for acl in granted)


def _create(kafka: KafkaConfig, topic: Topic) -> str:
    words = [*_tool(kafka, "kafka-topics.sh"), "--create", "--if-not-exists", "--topic", topic.name]
    words += ["--partitions", str(topic.partitions), "--replication-factor", str(topic.replication)]
    for name, value in topic.settings.items():
        words += ["--config", f"{name}={value}"]
    return shlex.join(words)


def _grant(kafka: KafkaConfig, acl: Acl) -> str:
    words = [*_tool(kafka, "kafka-acls.sh"), "--add", "--allow-principal", acl.principal]
    for operation in acl.operations:
        words += ["--operation", operation]
    words += [f"--{acl.resource}", acl.name, "--resource-pattern-type", acl.pattern]
    return shlex.join(words)


def _tool(kafka: KafkaConfig, name: str) -> list[str]:
    credentials = [] if kafka.security.protocol == "PLAINTEXT" else ["--command-config", _CREDENTIALS]
    return [name, "--bootstrap-server", kafka.bootstrap, *credentials]
