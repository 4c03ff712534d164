"""The way of an event, measured on the local stack: speed, latency, CPU and memory of every process on it.

``python -m bench.pipeline [--json] [--state FOLDER] [--rounds N]``. Asserts nothing. A stack that runs already is used
and left running; what else the machine does meanwhile shows in the load averages.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from bench import hops
from bench.conditions import conditions, load
from bench.journey import Journey, Trip
from bench.report import Outcome, say, tell
from bench.stand import stand
from ops.demo.cast import Cast
from schemas.errors import ReflexarcError

STEADY_RATE, STEADY_EVENTS = 200.0, 4000
BURST_EVENTS = 1600  # 800 for each of two simulators, which keep 1,000
BACKLOG = 20_000


def measure(state: Path, rounds: int) -> Outcome:
    """Everything, on the stack in this folder.

    Raises:
        ReflexarcError: a part is missing, or a process ended while it was measured.
    """
    surroundings = conditions()
    with stand(state, only=None) as status:
        cast = Cast.of(status)
        if not (cast.live and cast.kafka.real):
            raise ReflexarcError(
                "only real parts are worth measuring", cure="reflexarc dev status tells what is missing"
            )
        run = time.strftime("bench-%Y%m%d-%H%M%S")
        folder = state.parent / "bench" / run
        with Journey(folder / "journey", status, f"{run}.journey") as journey:
            steady, bursts = _trips(journey, rounds)
        alone = hops.measure(folder / "hops", status, f"{run}.hops", events=BACKLOG, rounds=rounds, report=say)
    return Outcome(steady, bursts, alone, {**surroundings, "load afterwards": load()})


def _trips(journey: Journey, rounds: int) -> tuple[Trip, tuple[Trip, ...]]:
    say(f"steady: {STEADY_EVENTS} events, {STEADY_RATE:.0f} a second")
    steady = journey.trip(STEADY_EVENTS, rate=STEADY_RATE)
    bursts = []
    for number in range(1, rounds + 1):
        say(f"burst {number} of {rounds}: {BURST_EVENTS} events as fast as they can be posted")
        bursts.append(journey.trip(BURST_EVENTS))
    return steady, tuple(bursts)


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, default=Path(".reflexarc/dev"), help="folder of the local stack")
    parser.add_argument("--rounds", type=int, default=3, help="runs of everything but the steady load")
    parser.add_argument("--json", action="store_true", help="every single measurement as JSON")
    args = parser.parse_args()
    tell(lambda: measure(args.state, args.rounds), as_json=args.json)


if __name__ == "__main__":
    main()
