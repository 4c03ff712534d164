"""What a sink of type ``openfaas`` is asked."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from schemas.config import Duration, Fault, HttpUrl, Model, Scope, Secret
from schemas.config.address import split_endpoint
from sinks.authorization import check_login, check_secrecy
from sinks.http import HttpConnectionConfig

PATIENCE: Final = 3
"""How many of the sink's time-outs a callback may take; the engine ends an attempt soon after."""

BodyFormat = Literal["cloudevent", "event-router"]
"""``cloudevent``: the structured event under its media type; ``event-router``: the same body without a Content-Type."""

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _endpoint(text: str) -> str:
    split_endpoint(text)
    return text


def _expanded(url: Any, info: ValidationInfo) -> Any:
    """The URL with ``${NAME}`` from the environment: every process is called back at an address of its own."""
    if not isinstance(url, str):
        return url
    environ = Scope.of(info.context).environ
    for name in _VARIABLE.findall(url):
        if not environ.get(name):
            raise Fault(f"environment variable {name} is not set", "export it before the start")
    return _VARIABLE.sub(lambda found: environ[found[1]], url)


class CallbackConfig(Model):
    """Where OpenFaaS tells what became of a queued call."""

    listen: Annotated[str, AfterValidator(_endpoint)] = Field(
        description="Address and port to listen on: 0.0.0.0:8090."
    )
    url: Annotated[HttpUrl, BeforeValidator(_expanded)] = Field(
        description="How OpenFaaS reaches this very process there; ${NAME} is read from the environment."
    )
    timeout: Duration | None = Field(
        None, gt=0, description="Longest wait for the callback, up to three times the sink's timeout; default: that."
    )


class OpenFaasConfig(HttpConnectionConfig):
    """Which gateway, who we are there, and how functions are invoked."""

    type: Literal["openfaas"] = Field("openfaas", description="Which connector.")
    gateway: HttpUrl = Field(description="Address of the gateway: http://127.0.0.1:8080.")
    username: str | None = Field(None, min_length=1, description="Account that may list functions, such as admin.")
    password: Secret | None = Field(None, description="Password of the account.")
    asynchronous: bool = Field(
        default=False, alias="async", description="Queue invocations at the gateway instead of waiting for them."
    )
    callback: CallbackConfig | None = Field(
        None, description="With async: hear from each queued call what became of it: listen, url, timeout."
    )
    body_format: BodyFormat = Field(
        "cloudevent",
        description="cloudevent: the structured event; event-router: the same without a Content-Type, as it sends it.",
    )
    refresh: Duration = Field(10.0, gt=0, description="How often the functions and their topics are read.")

    @property
    def callback_timeout(self) -> float:
        """Seconds from the queueing of a call until its callback is given up."""
        return (self.callback and self.callback.timeout) or self.timeout

    @model_validator(mode="after")
    def _credentials_fit(self) -> OpenFaasConfig:
        check_login(self.username, self.password)
        if self.username is not None:
            check_secrecy(self.gateway, insecure=self.insecure, field="gateway")
        return self

    @model_validator(mode="after")
    def _callback_fits(self) -> OpenFaasConfig:
        if self.callback is not None and not self.asynchronous:
            raise Fault("has no effect without async: true", "add async: true", field="callback")
        if self.callback_timeout > PATIENCE * self.timeout:
            what = f"waits longer than {PATIENCE} times the sink's timeout, when an attempt ends"
            raise Fault(what, "raise the timeout of the sink, or lower that of the callback", field="callback")
        return self
