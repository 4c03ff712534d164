"""The router against the bare library and stock Faust, with 1 to 10,000 routes, and in several processes.

``python -m bench.router [--rounds N] [--events N] [--only PART] [--routes FILE] [--json] [--state FOLDER]``. Asserts
nothing. Whatever is compared runs in one round, one after the other, so that a noisy machine disturbs neighbours alike.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from bench.conditions import conditions, load
from bench.report import say, tell
from bench.router.outcome import Outcome
from bench.router.runs import Runs
from bench.stand import add_state, stand

PARTS = ("routes", "processes", "memory")


def measure(args: argparse.Namespace) -> Outcome:
    """Everything that was asked for.

    Raises:
        ReflexarcError: there is no broker, or a process ended while it was measured.
    """
    surroundings = conditions()
    drains = defaultdict(list)
    with ExitStack() as closing:
        broker = closing.enter_context(stand(args.state)).of_kind("kafka")[0]
        name = time.strftime("bench-%Y%m%d-%H%M%S")
        folder = args.state.parent / "bench" / name
        runs = closing.enter_context(Runs(folder, broker.endpoint or "", name, events=args.events, own=args.routes))
        for number in range(1, args.rounds + 1):
            for title, run in runs.of_round(routes="routes" in args.only, processes="processes" in args.only):
                say(f"round {number} of {args.rounds}: {title}")
                drains[title].append(run())
        memory = runs.memory(args.long) if "memory" in args.only else None
    return Outcome({**surroundings, "load afterwards": load()}, drains, memory)


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each runs")
    parser.add_argument("--events", type=int, default=100_000, help="records of the backlog")
    parser.add_argument("--long", type=int, default=1_000_000, help="records over which memory is watched")
    parser.add_argument("--only", choices=PARTS, action="append", help="part of the bench; may be repeated")
    parser.add_argument(
        "--routes", type=Path, action="append", default=[], metavar="FILE", help="routes to measure too, in YAML"
    )
    parser.add_argument("--json", action="store_true", help="every single measurement as JSON")
    add_state(parser)
    args = parser.parse_args()
    args.only = args.only or list(PARTS)
    tell(lambda: measure(args), as_json=args.json)


if __name__ == "__main__":
    main()
