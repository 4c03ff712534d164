"""What a sink of type ``knative`` is asked, and what a SinkBinding says in its place."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from schemas.cloudevents.attributes import check_extension
from schemas.config import Fault, HttpUrl, Model, ReadableFile, Scope, Secret
from schemas.errors import InvalidEvent
from sinks.authorization import check_secrecy
from sinks.http import HttpConnectionConfig, Mode


class _Bound(str):
    """The text of ``K_CE_OVERRIDES``."""

    __slots__ = ()


def _overrides(value: Any) -> Any:
    if not isinstance(value, _Bound):
        return value
    cure = 'bind anew, or write K_CE_OVERRIDES as {"extensions": {"name": "value"}}'
    try:
        parsed = orjson.loads(value.encode())
        extensions = parsed.get("extensions") or {}
    except (orjson.JSONDecodeError, AttributeError):
        raise Fault("cannot be read from K_CE_OVERRIDES: no JSON object", cure) from None
    if not isinstance(extensions, dict) or not all(isinstance(each, str) for each in extensions.values()):
        raise Fault("cannot be read from K_CE_OVERRIDES: its extensions are no texts by name", cure)
    return extensions


def _extensions(given: dict[str, str]) -> dict[str, str]:
    for name, value in given.items():
        try:
            check_extension(name, value)
        except InvalidEvent as error:
            raise Fault(str(error), "name an extension attribute of a-z and 0-9") from None
    return given


class RefConfig(Model):
    """An object of Kubernetes that takes events: anything with ``status.address.url``, or a plain Service."""

    api_version: str = Field(
        alias="apiVersion", pattern=r"^[a-z0-9.-]+(/[a-z0-9]+)?$", description="Group and version of the kind."
    )
    kind: str = Field(pattern=r"^[A-Za-z0-9]+$", description="Kind, such as Broker.")
    name: str = Field(pattern=r"^[a-z0-9.-]+$", max_length=253, description="Name of the object.")
    namespace: str | None = Field(
        None, pattern=r"^[a-z0-9-]+$", max_length=63, description="Its namespace; default: that of this pod."
    )


class KubernetesConfig(Model):
    """A Kubernetes API that is not the one this pod lives in."""

    url: HttpUrl = Field(description="Address of the API: https://127.0.0.1:6443.")
    token: Secret | None = Field(None, description="Bearer token of an account that may list and watch the object.")
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the API (PEM); default: those of the system."
    )
    namespace: str | None = Field(None, description="Namespace of a ref that names none.")

    @model_validator(mode="after")
    def _token_is_kept(self) -> KubernetesConfig:
        if self.token is not None:
            check_secrecy(self.url, insecure=False, field="url")
        return self


class KnativeConfig(HttpConnectionConfig):
    """Where the sink is; retries follow Knative's own rules (retry, backoff_policy, backoff_delay)."""

    type: Literal["knative"] = Field("knative", description="Which connector.")
    uri: HttpUrl | None = Field(
        None, description="Address of the sink; default, without ref: the environment's K_SINK, which a binding sets."
    )
    ref: RefConfig | None = Field(
        None, description="Instead of uri, an object of Kubernetes: apiVersion, kind, name, namespace."
    )
    kubernetes: KubernetesConfig | None = Field(
        None, description="With ref: url, token_file, ca_file of the API; default: that of the pod's own account."
    )
    mode: Mode = Field("binary", description="binary: attributes as ce- headers; structured: all of it as JSON.")
    ce_overrides: Annotated[dict[str, str], BeforeValidator(_overrides), AfterValidator(_extensions)] = Field(
        {}, description="Extension attributes that every event gets; default, with K_SINK: those of K_CE_OVERRIDES."
    )

    @model_validator(mode="before")
    @classmethod
    def _bind(cls, data: Any, info: ValidationInfo) -> Any:
        """Read a binding where neither address nor object is written."""
        environ = Scope.of(info.context).environ
        if not isinstance(data, dict) or data.get("uri") or data.get("ref") or not environ.get("K_SINK"):
            return data
        bound = {**data, "uri": environ["K_SINK"]}
        if overrides := environ.get("K_CE_OVERRIDES"):
            bound.setdefault("ce_overrides", _Bound(overrides))
        return bound

    @model_validator(mode="after")
    def _one_address(self) -> KnativeConfig:
        if self.uri is None and self.ref is None:
            cure = "write the address of the broker or service, or a ref, or bind one (K_SINK)"
            raise Fault("is missing", cure, field="uri")
        if self.uri is not None and self.ref is not None:
            raise Fault("cannot go with a uri", "keep one of the two", field="ref")
        if self.kubernetes is not None and self.ref is None:
            raise Fault("has no effect without a ref", "add ref, or remove it", field="kubernetes")
        return self
