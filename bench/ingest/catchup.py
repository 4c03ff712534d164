"""How fast ingest catches up with a log of 100,000 events, against decoding the same pages and doing nothing else.

``python -m bench.ingest.catchup [--rounds N] [--events N] [--pages KIND]``. Both sides of a round run one after the
other, so that a noisy machine disturbs neighbours alike. Asserts nothing.
"""

from __future__ import annotations

import argparse
import time
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bench.conditions import conditions, load
from bench.drain import Drain, watch
from bench.ingest.rig import Rig
from bench.report import excused, mebibytes, paper, say, table
from bench.stand import add_state, stand
from ingest.vcenter import decode_page
from tests.support.canned.history import text
from tests.support.canned.pages import templates
from tests.support.canned.soap import response

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("100,000 events", "events/s", "CPU µs per event", "peak RSS MiB")
PAGE = 500
WITHIN = 120.0


class Round(NamedTuple):
    """Events a second of decoding alone, and the run of ingest beside it."""

    ceiling: float
    run: Drain

    @property
    def ratio(self) -> float:
        """Which part of the ceiling is reached."""
        return self.run.rate / self.ceiling


def ceiling(kind: str, events: int) -> float:
    """Events a second of ``decode_page`` alone, on pages as they are read."""
    given, created = templates(kind), text(1_795_000_000_123_456)
    pages = [
        response("ReadNextEvents", (given[key % len(given)].render(key, created) for key in range(first, first + PAGE)))
        for first in range(0, min(events, 4 * len(given)), PAGE)
    ]
    for page in pages[:4]:
        decode_page(page)
    began, decoded = time.process_time(), 0
    while decoded < events:
        for page in pages:
            decoded += len(decode_page(page))
    return decoded / (time.process_time() - began)


def run(folder: Path, bootstrap: str, args: argparse.Namespace) -> Drain:
    """One catch-up."""
    options = ("--pages", args.pages, "--history", str(args.events), "--over", "3600")
    with Rig(folder, bootstrap, 1, *options, start_from="24h", page=PAGE) as rig:
        return watch(lambda: rig.listener.count, rig.ingest.pid, target=args.events, within=WITHIN)


def measure(args: argparse.Namespace) -> None:
    """Print a table."""
    surroundings, rounds = conditions(), list[Round]()
    with stand(args.state) as status:
        broker = status.of_kind("kafka")[0]
        for number in range(args.rounds):
            folder = args.state.parent / "bench" / time.strftime("catchup-%Y%m%d-%H%M%S")
            rounds.append(Round(ceiling(args.pages, args.events), run(folder, broker.endpoint or "", args)))
            say(f"round {number + 1}: {rounds[-1].run.rate:,.0f} of {rounds[-1].ceiling:,.0f} events/s")
    console = paper()
    console.print(table(("condition", ""), ({**surroundings, "load afterwards": load()}).items()))
    decoding = median(each.ceiling for each in rounds)
    rate, cost = median(each.run.rate for each in rounds), median(each.run.cost for each in rounds)
    peak = mebibytes(max(each.run.used.peak for each in rounds))
    rows = [
        ("decoding alone, a core", f"{decoding:,.0f}", f"{1e6 / decoding:.1f}", ""),
        ("ingest, vCenter to Kafka", f"{rate:,.0f}", f"{1000 * cost:.1f}", peak),
    ]
    console.print(table(COLUMNS, rows))
    console.print(f"catch-up against decoding alone: {median(each.ratio for each in rounds):.2f} of its speed")


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--pages", default="power", help="what has happened: power, classes, all")
    add_state(parser)
    with excused():
        measure(parser.parse_args())


if __name__ == "__main__":
    main()
