"""Generated events of every class: bodies equal what govmomi itself makes of the same pages, order of keys included.

It takes Go, and a minute to build govmomi twice. ``SOAK_SEED`` begins elsewhere.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bench.ingest.govmomi import CURRENT, ROUTERS, Govmomi, build
from ingest.vcenter.decoding import registry
from ingest.vcenter.decoding.decode import Decoder
from ingest.vcenter.decoding.naming import CAMEL, PASCAL, Naming
from ingest.vcenter.decoding.unknowns import Unknowns
from tests.ingest.vcenter.decoding.generated import Generator, event_classes
from tests.ingest.vcenter.pages import page

pytestmark = pytest.mark.soak

CACHE = Path(__file__).parents[2] / ".reflexarc" / "cache"
SHARES = (0.0, 0.3, 0.6, 0.15, 1.0)
SEEDS = 20

# Arrays of bytes: Go takes the digits of the last element for the bytes.
UNLIKE = {"HostSpecificationUpdateEvent", "HostSubSpecificationUpdateEvent"}


def ordered(text: bytes) -> Any:
    """JSON whose objects are lists of pairs, so that equality includes the order of keys."""
    return json.loads(text, object_pairs_hook=lambda pairs: ("object", pairs))


@pytest.mark.parametrize(("naming", "modules"), [(PASCAL, ROUTERS), (CAMEL, CURRENT)], ids=["pascal", "camel"])
def test_generated_events_have_govmomis_bodies(naming: Naming, modules: str, tmp_path: Path) -> None:
    classes = [cls for cls in event_classes(naming.newest) if registry.wire_name(cls) not in UNLIKE]
    unknowns = Unknowns()
    decoder = Decoder(naming, unknowns)
    compared = 0
    first = int(os.environ.get("SOAK_SEED", "0"))
    with Govmomi(build(CACHE, modules, print), prints=True) as govmomi:
        for seed in range(first, first + SEEDS):
            chance = Random(seed)  # noqa: S311 - chance, no secret
            generator = Generator(chance, naming.newest, share=SHARES[seed % len(SHARES)])
            body = page(*(generator.event(cls) for cls in classes))
            (tmp_path / "page").write_bytes(body)
            theirs = govmomi.bodies(tmp_path / "page")
            if not theirs:  # some pages make govmomi panic
                continue
            assert len(classes) == len(theirs)
            compared += 1
            for _ in range(3):  # walked, learned, filled
                for event, their in zip(decoder.page(body), theirs, strict=True):
                    assert ordered(their) == ordered(event.data), (seed, event.name)
    assert {} == unknowns.totals()
    assert compared > SEEDS / 2
