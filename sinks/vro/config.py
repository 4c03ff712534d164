"""The keys of ``type: vro``."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from schemas.config import Fault, HttpUrl, Secret
from sinks.authorization import check_login, check_secrecy
from sinks.http import HttpConnectionConfig

SERVICE = "/vco/api"
"""What every path of the API begins with."""

_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")


def _workflow(text: str) -> str:
    if not _ID.fullmatch(text):
        raise Fault("is no id of a workflow", "write the id, not the name; the client shows it as ID of the workflow")
    return text


class VroConfig(HttpConnectionConfig):
    """Which Orchestrator, who we are there, and which workflow."""

    type: Literal["vro"] = Field("vro", description="Which connector.")
    url: HttpUrl = Field(description="Address of Orchestrator: https://host; /vco/api follows by itself.")
    workflow: Annotated[str, AfterValidator(_workflow)] = Field(description="Id of the workflow.")
    auth: Literal["basic", "bearer"] = Field(
        "basic", description="basic: username and password with every request; bearer: a token of Aria Automation."
    )
    username: str | None = Field(None, min_length=1, description="Account that may run the workflow.")
    password: Secret | None = Field(None, description="Password of the account.")
    refresh_token: Secret | None = Field(
        None, description="With auth: bearer, gets the tokens; default: username and password get it."
    )
    auth_url: HttpUrl | None = Field(
        None,
        description="Where tokens come from; default: url. In VMware's cloud it is https://api.mgmt.cloud.vmware.com.",
    )
    follow: bool = Field(
        default=True, description="Wait for the end of the workflow; false: an event is done when it has started."
    )
    once: bool = Field(
        default=True,
        description="Look for an execution of the event before one is started; the workflow needs the input "
        "cloudEventAttributes (Properties) or rawEventData (string).",
    )
    repeat_failed: bool = Field(
        default=False, description="Start again for an event that comes again when its execution has failed."
    )

    @property
    def service(self) -> str:
        """The URL that paths follow."""
        return self.url.rstrip("/").removesuffix(SERVICE) + SERVICE

    @property
    def issuer(self) -> str:
        """The URL that the paths of log-ins follow."""
        return (self.auth_url or self.url).rstrip("/").removesuffix(SERVICE)

    @model_validator(mode="after")
    def _credentials_fit(self) -> VroConfig:
        check_login(self.username, self.password)
        if self.auth == "basic":
            for key in ("refresh_token", "auth_url"):
                if getattr(self, key) is not None:
                    raise Fault("has no effect with auth: basic", "write auth: bearer, or remove it", field=key)
        if self.refresh_token is not None and self.username is not None:
            raise Fault("cannot go with username", "keep one of the two", field="refresh_token")
        if self.refresh_token is None and self.username is None:
            raise Fault("is missing", "write username and password_file", field="username")
        for key in ("url", "auth_url"):
            if (url := getattr(self, key)) is not None:
                check_secrecy(url, insecure=self.insecure, field=key)
        return self

    @model_validator(mode="after")
    def _repetition_fits(self) -> VroConfig:
        if self.repeat_failed and not self.once:
            raise Fault("has no effect with once: false", "remove one of the two", field="repeat_failed")
        return self
