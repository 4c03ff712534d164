"""Who is being followed at this moment, as running ingests say it themselves."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from schemas.errors import Unreachable

SECONDS: Final = 5.0
LARGEST: Final = 1 << 24
METRIC: Final = "reflexarc_ingest_up"


def followed(address: str) -> set[str]:
    """The vCenters that the ingest follows whose ``--probe`` listens on ``address``.

    Raises:
        Unreachable: no ingest answers there.
    """
    cure = "name the address that `reflexarc ingest vcenter --probe` was given"
    try:
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=SECONDS) as answer:
            text = answer.read(LARGEST).decode()
        families = list(text_string_to_metric_families(text))
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(f"no ingest answers at {address}: {error}", cure=cure) from error
    return {
        sample.labels["vcenter"]
        for family in families
        for sample in family.samples
        if sample.name == METRIC and sample.value == 1
    }
