"""The configuration file: one YAML document, validated at the edge into frozen objects."""

from schemas.config.address import HttpUrl
from schemas.config.commands import CommandsConfig
from schemas.config.config import Config
from schemas.config.fault import Fault
from schemas.config.files import ReadableFile
from schemas.config.inventory import IngestInventoryConfig
from schemas.config.kafka import ClusterConfig, KafkaConfig, SecurityConfig
from schemas.config.load import load
from schemas.config.match import AlarmConfig, InventoryConfig, MatchConfig
from schemas.config.model import Model
from schemas.config.names import SinkName, VcenterName
from schemas.config.pattern import PatternConfig
from schemas.config.redact import Redactor
from schemas.config.remediation import RemediationConfig
from schemas.config.route import RouteConfig
from schemas.config.schema import json_schema
from schemas.config.scope import Scope
from schemas.config.secret import Secret
from schemas.config.sink import SinkConfig
from schemas.config.throttle import AccumulateConfig, ThrottleConfig
from schemas.config.transform import TransformConfig
from schemas.config.units import Duration, Size
from schemas.config.vcenter import CanaryConfig, VcenterConfig
from schemas.config.webhook import EndpointConfig, WebhookConfig
from schemas.config.window import WindowConfig

__all__ = [
    "AccumulateConfig",
    "AlarmConfig",
    "CanaryConfig",
    "ClusterConfig",
    "CommandsConfig",
    "Config",
    "Duration",
    "EndpointConfig",
    "Fault",
    "HttpUrl",
    "IngestInventoryConfig",
    "InventoryConfig",
    "KafkaConfig",
    "MatchConfig",
    "Model",
    "PatternConfig",
    "ReadableFile",
    "Redactor",
    "RemediationConfig",
    "RouteConfig",
    "Scope",
    "Secret",
    "SecurityConfig",
    "SinkConfig",
    "SinkName",
    "Size",
    "ThrottleConfig",
    "TransformConfig",
    "VcenterConfig",
    "VcenterName",
    "WebhookConfig",
    "WindowConfig",
    "json_schema",
    "load",
]
