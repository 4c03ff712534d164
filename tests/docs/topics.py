"""The table of topics, as Markdown."""

from __future__ import annotations

from schemas import topics
from schemas.config import Config, KafkaConfig, RouteConfig, SinkConfig, ThrottleConfig
from schemas.config.units import format_duration
from tests.docs.table import code, table

NAME = "NAME"


def render() -> str:
    """One line per kind of topic, with the defaults of the configuration."""
    kafka = KafkaConfig(bootstrap="kafka:9092")
    sink = SinkConfig.model_construct(name=NAME, type="http")
    route = RouteConfig.model_construct(name="ROUTE", to=(NAME,), throttle=ThrottleConfig(once_within=60.0))
    config = Config.model_construct(kafka=kafka, vcenters={}, webhook=None, routes=(route,), sinks={NAME: sink})
    rows = (
        (code(topic.name), topic.key, str(topic.partitions), _kept(topic), topic.holds)
        for topic in topics.table(config)
    )
    return table(("topic", "key", "partitions", "kept", "holds"), rows)


def _kept(topic: topics.Topic) -> str:
    if topic.cleanup == "compact":
        return "latest per key"
    return "until deleted" if topic.retention_ms == topics.FOREVER else format_duration(topic.retention_ms / 1000)
