"""Every key of a RouterConfig (VMware event router v0.5 to v0.8); unknown ones are refused, as the router does."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from schemas.config import Model

_NAME = "any text"


class Ignored(Model):
    """What is allowed to be there and has no meaning for us."""

    name: str | None = Field(None, description=_NAME)
    labels: dict[str, Any] | None = Field(None, description="keys and texts")


class BasicAuth(Model):
    """An account. The password is not kept."""

    username: str = Field(description="name of the account")
    password: Any = Field(None, repr=False, exclude=True, description="its password")


class Auth(Model):
    """Who the router is somewhere."""

    type: Literal["basic_auth", "aws_access_key", "aws_iam_role", "active_directory"] = Field(
        "basic_auth", description="kind of account"
    )
    basic: BasicAuth | None = Field(None, alias="basicAuth", description="username and password")
    access_key: Any = Field(None, alias="awsAccessKeyAuth", repr=False, exclude=True, description="key and secret")
    active_directory: Any = Field(None, alias="activeDirectoryAuth", repr=False, exclude=True, description="account")


class VcenterKeys(Model):
    """eventProvider.vcenter and eventProvider.vcsim."""

    address: str = Field(min_length=1, description="URL of the SOAP API")
    insecure: bool = Field(False, strict=True, alias="insecureSSL", description="true or false")
    checkpoint: bool = Field(False, strict=True, description="true or false")
    checkpoint_dir: str | None = Field(None, alias="checkpointDir", description="folder of the checkpoint")
    auth: Auth = Field(description="basicAuth: {username, password}")


class WebhookKeys(Model):
    """eventProvider.webhook."""

    bind_address: str = Field("0.0.0.0:8080", alias="bindAddress", description="IP:PORT")
    path: str | None = Field(None, description="path of the URL")
    auth: Auth | None = Field(None, description="basicAuth: {username, password}")


class HorizonKeys(Model):
    """eventProvider.horizon."""

    address: str = Field(description="URL")
    insecure: bool = Field(False, strict=True, alias="insecureSSL", description="true or false")
    auth: Auth | None = Field(None, description="activeDirectoryAuth: {domain, username, password}")


class ProviderKeys(Model):
    """eventProvider."""

    type: Literal["vcenter", "vcsim", "webhook", "horizon"] = Field(description="vcenter, vcsim, webhook or horizon")
    name: str | None = Field(None, description=_NAME)
    vcenter: VcenterKeys | None = Field(None, description="address and auth")
    vcsim: VcenterKeys | None = Field(None, description="address and auth")
    webhook: WebhookKeys | None = Field(None, description="bindAddress, path, auth")
    horizon: HorizonKeys | None = Field(None, description="address and auth")


class OpenFaasKeys(Model):
    """eventProcessor.openfaas."""

    address: str = Field(min_length=1, description="URL of the gateway")
    asynchronous: bool = Field(False, strict=True, alias="async", description="true or false")
    auth: Auth | None = Field(None, description="basicAuth: {username, password}")


class EventBridgeKeys(Model):
    """eventProcessor.awsEventBridge."""

    region: str = Field(min_length=1, description="region of the bus")
    bus: str = Field("default", min_length=1, alias="eventBus", description="name or ARN of the bus")
    rule: str = Field(min_length=1, alias="ruleARN", description="ARN of the rule whose pattern chooses")
    auth: Auth = Field(description="type: aws_access_key or aws_iam_role")


class Uri(Model):
    """A URL by its parts, as Go's net/url has them."""

    scheme: str = Field(description="http or https")
    host: str = Field(description="host, or host:port")
    path: str = Field("", description="path")


class Reference(Model):
    """An object of Kubernetes."""

    api_version: str | None = Field(None, alias="apiVersion", description="group and version")
    kind: str = Field(description="kind of the object, such as Broker")
    name: str = Field(min_length=1, description="its name")
    namespace: str | None = Field(None, description="its namespace")
    group: str | None = Field(None, description="API group")
    address: str | None = Field(None, description="name of one of its addresses")


class RouterDestination(Model):
    """eventProcessor.knative.destination."""

    ref: Reference | None = Field(None, description="apiVersion, kind, name, namespace")
    uri: Uri | None = Field(None, description="scheme, host, path")


class KnativeKeys(Model):
    """eventProcessor.knative."""

    destination: RouterDestination = Field(description="ref or uri")
    insecure: bool = Field(False, strict=True, alias="insecureSSL", description="true or false")
    encoding: Literal["binary", "structured"] = Field(description="binary or structured")
    auth: Auth | None = Field(None, description="has no effect")


class ProcessorKeys(Model):
    """eventProcessor."""

    type: Literal["openfaas", "aws_event_bridge", "knative"] = Field(
        description="openfaas, aws_event_bridge or knative"
    )
    name: str | None = Field(None, description=_NAME)
    openfaas: OpenFaasKeys | None = Field(None, description="address, async, auth")
    eventbridge: EventBridgeKeys | None = Field(None, alias="awsEventBridge", description="region, eventBus, ruleARN")
    knative: KnativeKeys | None = Field(None, description="destination and encoding")


class MetricsServer(Model):
    """metricsProvider.default."""

    bind_address: str | None = Field(None, alias="bindAddress", description="IP:PORT")
    auth: Auth | None = Field(None, description="basicAuth: {username, password}")


class MetricsKeys(Model):
    """metricsProvider."""

    type: Literal["default"] = Field("default", description="default")
    name: str | None = Field(None, description=_NAME)
    default: MetricsServer | None = Field(None, description="bindAddress and auth")


class CertificateKeys(Model):
    """Authorities of the vCenter."""

    root_cas: tuple[str, ...] = Field((), alias="rootCAs", description="paths of PEM files")


class RouterKeys(Model):
    """The whole file."""

    api_version: str | None = Field(None, alias="apiVersion", description="event-router.vmware.com/v1alpha1")
    kind: str | None = Field(None, description="RouterConfig")
    metadata: Ignored | None = Field(None, description="name and labels")
    provider: ProviderKeys = Field(alias="eventProvider", description="one of vcenter, webhook, horizon")
    processor: ProcessorKeys = Field(alias="eventProcessor", description="one of openfaas, awsEventBridge, knative")
    metrics: MetricsKeys | None = Field(None, alias="metricsProvider", description="type: default")
    certificates: CertificateKeys | None = Field(None, description="rootCAs: [path]")
