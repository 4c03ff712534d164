"""``type: knative``: a broker, channel or service of Knative Eventing, as a SinkBinding names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo

from schemas.config import Fault, HttpUrl
from schemas.config.scope import Scope
from sinks.http import HttpConfig, HttpConnectionConfig, HttpSink, Mode

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext


def _bound(uri: Any, info: ValidationInfo) -> Any:
    bound = uri or Scope.of(info.context).environ.get("K_SINK")
    if not bound:
        raise Fault("is missing", "write the address of the broker or service, or bind one (K_SINK)", field="uri")
    return bound


class KnativeConfig(HttpConnectionConfig):
    """Where the sink is; retries follow Knative's own rules (retry, backoff_policy, backoff_delay)."""

    type: Literal["knative"] = Field("knative", description="Which connector.")
    uri: Annotated[HttpUrl, BeforeValidator(_bound)] = Field(
        "", validate_default=True, description="Address of the sink; default: the environment's K_SINK."
    )
    mode: Mode = Field("binary", description="binary: attributes as ce- headers; structured: all of it as JSON.")


class KnativeSink:
    """An HTTP sink at the bound address."""

    Config = KnativeConfig

    def __init__(self, config: KnativeConfig, context: SinkContext) -> None:
        fields = config.model_dump(exclude={"type", "uri"})
        self._http = HttpSink(HttpConfig(**fields, url=config.uri), context)

    async def open(self) -> None:
        """Connect without asking anything."""
        await self._http.open()

    async def send(self, event: CloudEvent) -> None:
        """Post one event."""
        await self._http.send(event)

    async def close(self) -> None:
        """Nothing to release."""
        await self._http.close()
