"""Events per second and core: decode_page against pyvmomi's own deserialiser, on the same page.

    python bench/decode.py [rounds]

Rounds are interleaved, so that a noisy machine disturbs both; the medians are printed. pyvmomi stops at Python
objects, decode_page goes on to JSON bytes.
"""

from __future__ import annotations

import gzip
import statistics
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pyVmomi import SoapAdapter, vim

from ingest.vcenter import decode_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sized

PAGE = Path(__file__).parents[1] / "tests/fixtures/vcenter-json/page_1000_vm_power.xml.gz"


def seconds(decode: Callable[[bytes], Sized], body: bytes) -> float:
    """How long one page takes."""
    started = perf_counter()
    events = decode(body)
    elapsed = perf_counter() - started
    assert len(events) == 1000
    return elapsed


def main(rounds: int) -> None:
    """Print a line per decoder."""
    body = gzip.decompress(PAGE.read_bytes())
    adapter: Any = SoapAdapter
    events: Any = vim.event.Event
    stub = adapter.SoapStubAdapter("vcenter.invalid", version="vim.version.v8_0_2_0")

    def pyvmomi(page: bytes) -> Sized:
        objects: Sized = adapter.SoapResponseDeserializer(stub).Deserialize(page, events.Array)
        return objects

    decoders: dict[str, Callable[[bytes], Sized]] = {
        "pyvmomi objects": pyvmomi,
        "decode_page pascal": decode_page,
        "decode_page camel": lambda page: decode_page(page, naming="camel"),
    }
    for decode in decoders.values():
        decode(body)  # plans and pyvmomi's classes are made once
    taken: dict[str, list[float]] = {name: [] for name in decoders}
    for _ in range(rounds):
        for name, decode in decoders.items():
            taken[name].append(seconds(decode, body))
    baseline = statistics.median(taken["pyvmomi objects"])
    for name, times in taken.items():
        median, best = statistics.median(times), min(times)
        print(
            f"{name:20} median {1000 / median:8,.0f} events/s  {median * 1000:6.1f} us/event  "
            f"x{baseline / median:4.1f}  best {1000 / best:8,.0f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
