"""How to reach Kafka, and the shape of our topics there."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from schemas.config.address import split_endpoint
from schemas.config.fault import Fault
from schemas.config.files import ReadableFile
from schemas.config.model import Model
from schemas.config.secret import Secret
from schemas.config.units import Duration

_PREFIX = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")

# librdkafka properties that are ours to set: promise, identity, delivery reports, or code loaded into the process.
RESERVED: Final = {
    "acks": "acks=all is part of the promise that no event is lost",
    "request.required.acks": "acks=all is part of the promise that no event is lost",
    "enable.idempotence": "it keeps order and uniqueness on the way into Kafka",
    "enable.gapless.guarantee": "it changes what the producer does on a rejected record",
    "transactional.id": "it is derived from kafka.prefix and fences old processes",
    "group.id": "it is derived from kafka.prefix",
    "group.instance.id": "it names one process; --instance sets it",
    "partition.assignment.strategy": "the transport hands over partitions in one way only",
    "partitioner": "all parts must agree on the partition of a key",
    "client.id": "it names the component",
    "enable.auto.commit": "only delivered events are committed",
    "enable.auto.offset.store": "only delivered events are committed",
    "auto.offset.reset": "a lost position is reported, never jumped over",
    "isolation.level": "aborted records must not be delivered",
    "allow.auto.create.topics": "topics are made by `reflexarc topics create`",
    "delivery.report.only.error": "delivery reports are what an acknowledgement waits for",
    "plugin.library.paths": "it loads code into the process",
    "bootstrap.servers": "write kafka.bootstrap",
    "metadata.broker.list": "write kafka.bootstrap",
    "security.protocol": "write kafka.security.protocol",
    "sasl.mechanism": "write kafka.security.mechanism",
    "sasl.mechanisms": "write kafka.security.mechanism",
    "sasl.username": "write kafka.security.username",
    "sasl.password": "write kafka.security.password_file",
    "ssl.ca.location": "write kafka.security.ca_file",
    "ssl.key.password": "a secret does not stand in this file; use a key file that only this user can read",
    "ssl.key.pem": "a secret does not stand in this file; use ssl.key.location",
    "ssl.keystore.password": "a secret does not stand in this file; use ssl.key.location",
    "sasl.oauthbearer.client.secret": "a secret does not stand in this file; use SCRAM or a client certificate",
}


def _brokers(text: str) -> str:
    brokers = [broker.strip() for broker in text.split(",")]
    for broker in brokers:
        split_endpoint(broker)
    return ",".join(brokers)


def _prefix(text: str) -> str:
    if len(text) > 80 or not _PREFIX.fullmatch(text):
        raise Fault("is not a usable prefix", "use letters, digits and inner '.', '_', '-', at most 80 characters")
    return text


Given = dict[str, str | int | float | bool]


def _options(given: Any) -> Any:
    """Property names and values as librdkafka reads them: text."""
    if not isinstance(given, dict):
        return given
    for name, value in given.items():
        if name in RESERVED:
            raise Fault("cannot be set here", RESERVED[name], field=name)
        if not isinstance(value, str | int | float):
            raise Fault("is not a librdkafka value", "write text, a number, true or false", field=name)
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}


class SecurityConfig(Model):
    """How the brokers know us, and we them."""

    protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to talk to the brokers."
    )
    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="SASL mechanism; needed with SASL_*."
    )
    username: str | None = Field(None, min_length=1, description="SASL user; needed with SASL_*.")
    password: Secret | None = Field(None, description="SASL password; needed with SASL_*.")
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the brokers (PEM); default: those of the system."
    )

    @model_validator(mode="after")
    def _is_coherent(self) -> SecurityConfig:
        sasl = self.protocol.startswith("SASL")
        for name in ("mechanism", "username", "password"):
            given = getattr(self, name) is not None
            if sasl and not given:
                key = f"{name}_file" if name == "password" else name
                raise Fault("is missing", f"{self.protocol} needs {key}", field=name)
            if given and not sasl:
                raise Fault(f"has no effect with {self.protocol}", "write protocol: SASL_SSL", field=name)
        if self.ca_file is not None and not self.protocol.endswith("SSL"):
            raise Fault(f"has no effect with {self.protocol}", "write protocol: SSL or SASL_SSL", field="ca_file")
        return self


class ClusterConfig(Model):
    """Which cluster, and how to reach it."""

    bootstrap: Annotated[str, AfterValidator(_brokers)] = Field(
        description="Brokers to start from: host:port, several separated by commas."
    )
    security: SecurityConfig = Field(SecurityConfig(), description="Encryption and credentials.")
    options: Annotated[dict[str, str], BeforeValidator(_options, json_schema_input_type=Given)] = Field(
        {}, description="Further librdkafka properties; those that would break a promise are refused."
    )


class KafkaConfig(ClusterConfig):
    """The cluster, the names and the size of our topics."""

    prefix: Annotated[str, AfterValidator(_prefix)] = Field(
        "reflexarc", description="Topics, groups and transactional ids start with it."
    )
    partitions: int = Field(
        6, ge=1, le=10_000, strict=True, description="Partitions of the events, sink and dead-letter topics."
    )
    replication: int = Field(3, ge=1, le=15, strict=True, description="Copies of each partition.")
    retention: Duration = Field(7 * 86_400.0, gt=0, description="How long events are kept, and can be replayed: 7d.")

    @property
    def min_insync(self) -> int:
        """Copies that must hold a record before it counts as written: one broker may be away."""
        return max(1, self.replication - 1)
