"""Fifty vCenters in one ingest process: CPU, memory, and how late an event is on Kafka, under load and idle.

``python -m bench.ingest.sessions [--rounds N] [--vcenters N] [--rate EVENTS] [--seconds S] [--pages KIND] [--idle]``.
Lateness is from the creation of an event by the vCenter's clock, which is the machine's, until a reader of committed
records has it. Asserts nothing.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from bench.conditions import conditions, load
from bench.ingest.rig import Rig
from bench.process import Meter, Usage
from bench.report import excused, mebibytes, paper, say, table
from bench.stand import add_state, stand
from bench.transport.lateness import Lateness, typical

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = (
    "vCenters, events/s of each",
    "runs",
    "events",
    "p50 ms",
    "p90 ms",
    "p99 ms",
    "max ms",
    "% of a core",
    "peak RSS MiB",
)
SETTLE = 5.0


def run(folder: Path, bootstrap: str, args: argparse.Namespace) -> tuple[Lateness, Usage]:
    """One run: its lateness, and what the canned vCenters used of a core meanwhile."""
    options = ("--pages", args.pages)
    with Rig(folder, bootstrap, args.vcenters, *options, stamped=True, poll="250ms") as rig:
        rig.ingest.await_ready()
        rig.canned.tell_all("run", rate=args.rate)
        rig.until(lambda: rig.listener.count > 0)
        time.sleep(SETTLE)
        meter, first, began = Meter({"ingest": [rig.ingest.pid], "canned": [rig.canned.pid]}), rig.listener.count, now()
        time.sleep(args.seconds)
        last, within, used = rig.listener.count, now() - began, meter.read()
        late = rig.listener.lateness[first:last]
        return Lateness.of(late, used["ingest"], within=within), used["canned"]


def now() -> float:
    """Seconds."""
    return time.monotonic()


def measure(args: argparse.Namespace) -> None:
    """Print a table."""
    surroundings, runs = conditions(), list[Lateness]()
    with stand(args.state) as status:
        broker = status.of_kind("kafka")[0]
        for number in range(args.rounds):
            folder = args.state.parent / "bench" / time.strftime("sessions-%Y%m%d-%H%M%S")
            late, peer = run(folder, broker.endpoint or "", args)
            runs.append(late)
            say(f"round {number + 1}: {_row(args, [late])}; the vCenters used {peer.cpu / args.seconds:.0%} of a core")
    console = paper()
    console.print(table(("condition", ""), ({**surroundings, "load afterwards": load()}).items()))
    console.print(table(COLUMNS, [_row(args, runs)]))


def _row(args: argparse.Namespace, runs: list[Lateness]) -> tuple[str, ...]:
    late = typical(runs)
    times = (f"{each:.0f}" for each in (late.p50, late.p90, late.p99, late.longest))
    share = f"{100 * late.core:.0f}"
    return f"{args.vcenters} of {args.rate:g}", str(len(runs)), f"{late.records:,}", *times, share, mebibytes(late.peak)


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vcenters", type=int, default=50)
    parser.add_argument("--rate", type=float, default=100.0, help="events a second of each")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long is measured, each time")
    parser.add_argument("--pages", default="power", help="what happens: power, classes, all")
    add_state(parser)
    with excused():
        measure(parser.parse_args())


if __name__ == "__main__":
    main()
