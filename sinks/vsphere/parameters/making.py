"""What actions that make a machine have in common in the configuration."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from schemas.config import Fault, Model, Size
from sinks.vsphere.parameters.names import Patterns

GIBIBYTE: Final = 2**30

LONGEST_NAME: Final = 80
"""Characters: vSphere's own limit of a machine's name."""

_UNNAMABLE: Final = re.compile(r"[/\\%\x00-\x1f\x7f]")

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def _name(text: str) -> str:
    if text != text.strip() or _UNNAMABLE.search(text):
        raise Fault("is no name of a machine", r"leave out /, \, %, control characters, and blanks around it")
    return text


def _instant(text: str) -> str:
    if text and not _INSTANT.fullmatch(text):
        raise Fault("is no instant", "write it as RFC 3339 has it, such as 2026-12-24T18:00:00Z")
    if text:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise Fault("is no instant that there is", "see its day and its hour") from None
    return text


NewName = Annotated[str, AfterValidator(_name), Field(min_length=1, max_length=LONGEST_NAME)]
"""Of a machine that is to be made."""

Named = Annotated[str, Field(max_length=240)]
"""Name of something that is there; empty: none."""

Owner = Annotated[str, Field(max_length=200)]
"""A person, in the words of whoever asks."""

Mark = Annotated[str, Field(pattern=r"\A[0-9a-f]{16}\z")]
"""The id of an action."""

Bytes = Size
"""How large something is, or may be."""

Instant = Annotated[str, AfterValidator(_instant), Field(max_length=40)]
"""RFC 3339; empty: never."""


class MakingParameters(Model):
    """What a new machine is called, where it goes and whose it is."""

    name: NewName = Field(description="Name of the new machine.")
    mark: Mark = Field(description="What it is known by afterwards: the id of the action that makes it.")
    owner: Owner = Field("", description="Whom it is made for; written into its extra configuration.")
    lease: Instant = Field("", description="Until when, as RFC 3339 has it; likewise. Default: for good.")
    cluster: Named = Field("", description="Name of the cluster; default: the only one of the datacenter.")
    host: Named = Field("", description="Name of the host; default: one that DRS takes, or that has most free memory.")
    pool: Named = Field("", description="Name of the resource pool there; default: its root.")
    datastore: Patterns = Field((), description="Names of datastores that may be, with * and ?; default: any.")
    headroom: Size = Field(20 * GIBIBYTE, description="What stays free of the datastore, at least.")
    headroom_percent: int = Field(20, ge=0, le=99, strict=True, description="Likewise, in percent of its capacity.")
    connected: bool = Field(default=False, description="Whether its network adapters are connected.")
