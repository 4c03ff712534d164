"""Every key of a Trigger of Knative Eventing that says something about events; unknown ones are refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from ops.imports.router_keys import Reference
from schemas.config import Fault, Model
from streams.filters.names import valid_attribute

_SPANS: TypeAdapter[timedelta] = TypeAdapter(timedelta)


def _span(value: Any) -> float:
    """Seconds of an ISO 8601 duration such as ``PT0.5S``."""
    with suppress(ValidationError):
        if isinstance(value, str) and value.startswith("P"):
            return _SPANS.validate_python(value).total_seconds()
    raise Fault("is not a duration of ISO 8601", "write PT2S, PT0.5S or PT1H")


def _names(attributes: dict[str, str]) -> dict[str, str]:
    for name in attributes:
        if not valid_attribute(name):
            raise Fault(f"{name[:64]!r} is not the name of an attribute", "use a-z and 0-9, beginning with a letter")
    return attributes


Span = Annotated[float, BeforeValidator(_span)]
Attributes = Annotated[dict[str, Annotated[str, Field(strict=True)]], AfterValidator(_names)]
DIALECTS = ("exact", "prefix", "suffix", "all", "any", "not", "cesql")


class FilterKeys(Model):
    """One filter: one dialect."""

    exact: Attributes | None = Field(None, description="attributes that equal these values")
    prefix: Attributes | None = Field(None, description="attributes that start with these values")
    suffix: Attributes | None = Field(None, description="attributes that end with these values")
    all: tuple[FilterKeys, ...] | None = Field(None, description="each holds")
    any: tuple[FilterKeys, ...] | None = Field(None, description="at least one holds")
    not_: FilterKeys | None = Field(None, alias="not", description="does not hold")
    cesql: str | None = Field(None, description="expression of CloudEvents SQL")

    @model_validator(mode="after")
    def _one_dialect(self) -> FilterKeys:
        if len(given := self.given()) != 1:
            what = f"has several dialects: {', '.join(given)}" if given else "has no dialect"
            raise Fault(what, f"write one of {', '.join(DIALECTS)}; several belong into all")
        for dialect in ("exact", "prefix", "suffix"):
            attributes = getattr(self, dialect)
            if attributes is not None and not (attributes and all(attributes.values())):
                raise Fault("names no attribute, or no value", "write attribute: text", field=dialect)
        for dialect in ("all", "any"):
            if getattr(self, dialect) == ():
                raise Fault("is empty", "write at least one filter", field=dialect)
        return self

    def given(self) -> tuple[str, ...]:
        """The dialects that were written."""
        return tuple(name for name in DIALECTS if getattr(self, "not_" if name == "not" else name) is not None)


class LegacyFilter(Model):
    """spec.filter."""

    attributes: Attributes | None = Field(None, description="attributes that equal these values; empty: any")


class DestinationKeys(Model):
    """A ref, a uri, or a uri below a ref."""

    ref: Reference | None = Field(None, description="apiVersion, kind, name, namespace")
    uri: str | None = Field(None, description="URL")
    authorities: str | None = Field(None, alias="CACerts", description="certificates in PEM")
    audience: str | None = Field(None, description="OIDC audience")


class DeliveryKeys(Model):
    """spec.delivery."""

    dead_letters: Any = Field(None, alias="deadLetterSink", description="ref or uri")
    retry: int | None = Field(None, ge=0, strict=True, description="whole number")
    policy: Literal["linear", "exponential"] | None = Field(None, alias="backoffPolicy", description="how pauses grow")
    delay: Span | None = Field(None, alias="backoffDelay", ge=0, description="duration of ISO 8601")
    longest: Span | None = Field(None, alias="backoffMax", ge=0, description="duration of ISO 8601")
    timeout: Span | None = Field(None, gt=0, description="duration of ISO 8601")
    retry_after: Span | None = Field(None, alias="retryAfterMax", ge=0, description="duration of ISO 8601")
    format: Literal["json", "binary"] | None = Field(None, description="json or binary")


class SpecKeys(Model):
    """spec."""

    broker: str | None = Field(None, description="name of the broker")
    broker_ref: Any = Field(None, alias="brokerRef", description="name and namespace of the broker")
    filter: LegacyFilter | None = Field(None, description="attributes: {…}")
    filters: tuple[FilterKeys, ...] | None = Field(None, description="list of filters; all must hold")
    subscriber: DestinationKeys = Field(description="ref or uri")
    delivery: DeliveryKeys | None = Field(None, description="retry, backoffPolicy, backoffDelay, timeout")


class TriggerKeys(Model):
    """One Trigger. Metadata beyond the name, and what the cluster says itself, is not looked at."""

    api_version: Literal["eventing.knative.dev/v1", "eventing.knative.dev/v1beta1"] = Field(
        alias="apiVersion", description="eventing.knative.dev/v1"
    )
    kind: Literal["Trigger"] = Field(description="Trigger")
    metadata: dict[str, Any] = Field(description="name and namespace")
    spec: SpecKeys = Field(description="broker, filters, subscriber, delivery")
    status: Any = Field(None, description="what the cluster says")

    @model_validator(mode="after")
    def _named(self) -> TriggerKeys:
        name = self.metadata.get("name")
        if not isinstance(name, str) or not name:
            raise Fault("has no name", "write name: <text>", field="metadata")
        return self
