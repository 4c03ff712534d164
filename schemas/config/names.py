"""Names of sinks, routes and vCenters, and references to them."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, Field, ValidationInfo

from schemas.config.fault import Fault
from schemas.config.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Collection

# Kafka takes 249 characters for a topic; the prefix and ".sink." need their share.
LONGEST: Final = 100

_PLAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_HOST_LIKE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


def nearest(name: str, known: Collection[str]) -> str | None:
    """The one of ``known`` that ``name`` was most likely meant to be."""
    return next(iter(difflib.get_close_matches(name, known, n=1)), None)


def suggestion(name: str, known: Collection[str], *, none: str) -> str:
    """The cure for an unknown name: the nearest known one, else all of them; ``none`` when there are none."""
    if close := nearest(name, known):
        return f"did you mean {close}?"
    return f"known: {', '.join(sorted(known))}" if known else none


def _plain(name: str) -> str:
    if len(name) > LONGEST or not _PLAIN.fullmatch(name):
        raise Fault("is not a usable name", f"use a-z, 0-9 and inner hyphens, at most {LONGEST} characters")
    return name


def _host_like(name: str) -> str:
    if len(name) > LONGEST or not _HOST_LIKE.fullmatch(name):
        raise Fault(
            "is not a usable name", f"use letters, digits and inner '.', '_', '-', at most {LONGEST} characters"
        )
    return name


def _known_sink(name: str, info: ValidationInfo) -> str:
    sinks = Scope.of(info.context).sinks
    if sinks is not None and name not in sinks:
        raise Fault(f"no sink is called {name}", suggestion(name, sinks, none="define it below sinks:"))
    return name


def _known_vcenter(name: str, info: ValidationInfo) -> str:
    vcenters = Scope.of(info.context).vcenters
    if vcenters is not None and name not in vcenters:
        raise Fault(f"no vCenter is called {name}", suggestion(name, vcenters, none="define it below vcenters:"))
    return name


Name = Annotated[str, AfterValidator(_plain), Field(json_schema_extra={"pattern": f"^{_PLAIN.pattern}$"})]
"""Name of a sink or route: it becomes part of topic and group names."""

HostLikeName = Annotated[str, AfterValidator(_host_like)]
"""Name of a vCenter: it starts event ids and partition keys, so it holds no slash."""

SinkName = Annotated[str, AfterValidator(_known_sink)]
"""Reference to a sink of the same file."""

VcenterName = Annotated[str, AfterValidator(_known_vcenter)]
"""Reference to a vCenter of the same file."""
