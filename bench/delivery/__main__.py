"""Delivery over HTTP against the bare library: speed, CPU, memory, lateness and order, in one run.

``python -m bench.delivery [--rounds N] [--events N] [--only WORDS] [--json] [--state FOLDER]``. Asserts nothing. The
scenarios of a round run one after the other, so that a noisy machine disturbs neighbours alike. Needs Go.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from bench.conditions import conditions, load
from bench.delivery import rig
from bench.delivery.outcome import Outcome
from bench.delivery.scenario import scenarios
from bench.report import say, tell
from bench.stand import add_state, stand

if TYPE_CHECKING:
    from bench.delivery.result import Result
    from bench.delivery.scenario import Scenario


def measure(args: argparse.Namespace) -> Outcome:
    """Everything that was asked for.

    Raises:
        ReflexarcError: there is no broker, or a process ended while it was measured.
    """
    surroundings = conditions()
    chosen = [each for each in scenarios(args.events) if args.only in f"{each.title}: {each.way.value}"]
    runs: dict[Scenario, list[Result]] = {each: [] for each in chosen}
    with stand(args.state) as status:
        start = time.strftime("bench-%Y%m%d-%H%M%S")
        for number in range(1, args.rounds + 1):
            for at, each in enumerate(chosen):
                say(f"round {number} of {args.rounds}: {each.title}: {each.way.value}")
                name = f"{start}-{number}-{at}"
                runs[each].append(rig.run(each, status, args.state.parent / "bench" / name, name))
    return Outcome({**surroundings, "load afterwards": load()}, runs)


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each scenario runs")
    parser.add_argument("--events", type=int, default=60_000, help="events of a backlog")
    parser.add_argument("--only", default="", help="only scenarios whose title has these words")
    parser.add_argument("--json", action="store_true", help="every single measurement as JSON")
    add_state(parser)
    args = parser.parse_args()
    tell(lambda: measure(args), as_json=args.json)


if __name__ == "__main__":
    main()
