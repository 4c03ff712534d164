"""The table of topics, as Markdown."""

from __future__ import annotations

from schemas import topics
from schemas.config import Config, EndpointConfig, KafkaConfig, RouteConfig, SinkConfig, ThrottleConfig, WebhookConfig
from schemas.config.units import format_duration
from schemas.topics import ANALYTICS
from sinks.analytics import AnalyticsConfig, CountsConfig
from tests.docs.table import code, table

NAME = "NAME"


def render() -> str:
    """One line per kind of topic, with the defaults of the configuration."""
    kafka = KafkaConfig(bootstrap="kafka:9092")
    sink = SinkConfig.model_construct(name=NAME, type="http")
    route = RouteConfig.model_construct(name="ROUTE", to=(NAME,), throttle=ThrottleConfig(once_within=60.0))
    analysts = AnalyticsConfig(name=ANALYTICS, counts=CountsConfig(window=60.0))
    sinks = {NAME: sink, ANALYTICS: analysts}
    its_own = {named(kafka.prefix, ANALYTICS) for named in (topics.sink, topics.dead_letter)}
    webhook = WebhookConfig.model_construct(endpoints={"slack": EndpointConfig.model_construct(type="slack")})
    config = Config.model_construct(kafka=kafka, vcenters={}, webhook=webhook, routes=(route,), sinks=sinks)
    rows = (
        (code(topic.name), topic.key, str(topic.partitions), _kept(topic), topic.holds)
        for topic in topics.table(config)
        if topic.name not in its_own
    )
    return table(("topic", "key", "partitions", "kept", "holds"), rows)


def _kept(topic: topics.Topic) -> str:
    if topic.cleanup == "compact":
        return "latest per key"
    return "until deleted" if topic.retention_ms == topics.FOREVER else format_duration(topic.retention_ms / 1000)
