"""Whose counters ``GET /stats`` adds up."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, WithJsonSchema

from schemas.config.address import HttpUrl
from schemas.config.fault import Fault
from schemas.config.model import Model

MOST: Final = 100
"""Probes that are asked at once."""


def _base(url: str) -> str:
    if urlsplit(url).path.strip("/"):
        raise Fault("has a path", "write the address that --probe has: http://HOST:PORT")
    return url.rstrip("/")


ProbeUrl = Annotated[
    HttpUrl, AfterValidator(_base), WithJsonSchema({"type": "string", "pattern": "^https?://[^@?#/]+/?$"})
]
"""``http://HOST:PORT`` of a probe, without a slash at its end."""


class StatsConfig(Model):
    """Whose counters ``GET /stats`` adds up."""

    probes: tuple[ProbeUrl, ...] = Field(
        (),
        max_length=MOST,
        description="Addresses of the --probe of other processes, of ingest and workers, whose counters are added: "
        "http://HOST:PORT. Those of --processes need not be named.",
    )
