"""Events per second and core, from the bytes of a page: pyvmomi, govmomi and ``decode_page``.

``python -m bench.ingest decode [--rounds N]``. What is counted is CPU time. The rounds are interleaved, so that a noisy
machine disturbs all alike; medians are printed. govmomi runs on one core. Asserts nothing.
"""

from __future__ import annotations

import argparse
import gzip
import json
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, Any

from pyVmomi import SoapAdapter, vim
from pyVmomi.VmomiJSONEncoder import VmomiJSONEncoder

from bench.conditions import conditions, load
from bench.ingest.govmomi import CURRENT, ROUTERS, Govmomi, build
from bench.report import excused, paper, say, table
from ingest.vcenter import decode_page
from ingest.vcenter.decoding.decode import Decoder
from ingest.vcenter.decoding.naming import PASCAL
from ingest.vcenter.decoding.unknowns import Unknowns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

RECORDED = Path(__file__).parents[2] / "tests/fixtures/vcenter-json"
PAGES = {
    "page_1000_vm_power": "power events",
    "corpus_r1": "all classes, many properties",
    "corpus_min": "all classes, fewest properties",
}
COLUMNS = ("page", "events", "decoder", "µs per event", "events/s and core", "pyvmomi = 1", "govmomi 0.30.2 = 1")
PYVMOMI, ROUTER = "pyvmomi, objects", "govmomi 0.30.2, JSON"
WARM_UP = 3

Contestants = dict[str, "Callable[[Path], float]"]


def measure(rounds: int, programs: Path) -> Iterator[tuple[str, ...]]:
    """A row per page and decoder."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(TemporaryDirectory()))
        contestants = _contestants(closing, programs)
        for name, title in PAGES.items():
            body = gzip.decompress((RECORDED / f"{name}.xml.gz").read_bytes())
            page = folder / name
            page.write_bytes(body)
            events = len(decode_page(body))
            taken: dict[str, list[float]] = {contestant: [] for contestant in contestants}
            for number in range(-WARM_UP, rounds):  # classes, plans and shapes are made once
                for contestant, seconds in contestants.items():
                    spent = seconds(page)
                    if number >= 0:
                        taken[contestant].append(spent / events)
            yield from _rows(title, events, taken)


def _contestants(closing: ExitStack, programs: Path) -> Contestants:
    walker = Decoder(PASCAL, Unknowns())
    router = closing.enter_context(Govmomi(build(programs, ROUTERS, say)))
    current = closing.enter_context(Govmomi(build(programs, CURRENT, say)))
    return {
        PYVMOMI: _clocked(_pyvmomi()),
        "pyvmomi, JSON by its encoder": _clocked(_pyvmomi_json()),
        ROUTER: router.seconds,
        "govmomi 0.52.0, JSON": current.seconds,
        "tree walk, JSON": _clocked(walker.walked),
        "decode_page, JSON": _clocked(decode_page),
        "decode_page camel, JSON": _clocked(lambda body: decode_page(body, naming="camel")),
    }


def _clocked(decode: Callable[[bytes], object]) -> Callable[[Path], float]:
    def seconds(page: Path) -> float:
        body = page.read_bytes()
        started = process_time()
        decode(body)
        return process_time() - started

    return seconds


def _pyvmomi() -> Callable[[bytes], object]:
    adapter: Any = SoapAdapter
    events: Any = vim.event.Event
    stub = adapter.SoapStubAdapter("vcenter.invalid", version="vim.version.v9_1_0_0")

    def decode(body: bytes) -> object:
        return adapter.SoapResponseDeserializer(stub).Deserialize(body, events.Array)

    return decode


def _pyvmomi_json() -> Callable[[bytes], object]:
    decode = _pyvmomi()
    return lambda body: json.dumps(decode(body), cls=VmomiJSONEncoder)


def _rows(title: str, events: int, taken: Mapping[str, list[float]]) -> Iterator[tuple[str, ...]]:
    for contestant, times in taken.items():
        typical = median(times)
        pyvmomi, router = (_ratio(taken[other], times) for other in (PYVMOMI, ROUTER))
        yield (
            title,
            str(events),
            contestant,
            f"{typical * 1e6:.1f}",
            f"{1 / typical:,.0f}",
            f"{pyvmomi:.1f}",
            f"{router:.1f}",
        )


def _ratio(others: list[float], times: list[float]) -> float:
    """How many times as fast: of neighbouring runs, the median."""
    return median(other / own for other, own in zip(others, times, strict=True))


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--programs", type=Path, default=Path(".reflexarc/cache"), help="where govmomi is built")
    args = parser.parse_args()
    surroundings = conditions()
    with excused():
        rows = list(measure(args.rounds, args.programs))
    console = paper()
    console.print(table(("condition", ""), {**surroundings, "load afterwards": load()}.items()))
    console.print(table(COLUMNS, rows))


if __name__ == "__main__":
    main()
