"""Our transport against the bare library and stock Faust: speed, CPU, memory and lateness, in one run.

``python -m bench.transport [--rounds N] [--events N] [--seconds S] [--only PART] [--json] [--state FOLDER]``. Asserts
nothing. The contestants of a round run one after the other, so that a noisy machine disturbs neighbours alike.
"""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from bench.conditions import conditions, load
from bench.report import say, tell
from bench.stand import add_state, stand
from bench.transport.contestant import LATE, Contestant
from bench.transport.outcome import Outcome
from bench.transport.race import Race

if TYPE_CHECKING:
    from bench.drain import Drain
    from bench.transport.lateness import Lateness

PARTS = ("consume", "forward", "late")
WARM = (Contestant.BARE_READ, Contestant.BARE_FORWARD)


def measure(args: argparse.Namespace) -> Outcome:
    """Everything that was asked for.

    Raises:
        ReflexarcError: there is no broker, or a contestant ended while it was measured.
    """
    surroundings = conditions()
    drains: dict[Contestant, list[Drain]] = {}
    late: dict[Contestant, list[Lateness]] = {}
    with ExitStack() as closing:
        broker = closing.enter_context(stand(args.state)).of_kind("kafka")[0]
        run = time.strftime("bench-%Y%m%d-%H%M%S")
        say(f"storing {args.events} events")
        race = closing.enter_context(
            Race(args.state.parent / "bench" / run, broker.endpoint or "", run, events=args.events)
        )
        for contestant in WARM:
            race.drain(contestant)
        for number in range(1, args.rounds + 1):
            for contestant in _drained(args.only):
                say(f"round {number} of {args.rounds}: {contestant.title}")
                drains.setdefault(contestant, []).append(race.drain(contestant))
            for contestant in LATE if "late" in args.only else ():
                say(f"round {number} of {args.rounds}: {contestant.title}, 1,000 a second")
                late.setdefault(contestant, []).append(race.late(contestant, args.seconds))
    return Outcome({**surroundings, "load afterwards": load()}, drains, late)


def _drained(parts: list[str]) -> list[Contestant]:
    return [each for each in Contestant if ("forward" if each.forwards else "consume") in parts]


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each contestant runs")
    parser.add_argument("--events", type=int, default=100_000, help="records of the backlog")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long lateness is measured, each time")
    parser.add_argument("--only", choices=PARTS, action="append", help="part of the bench; may be repeated")
    parser.add_argument("--json", action="store_true", help="every single measurement as JSON")
    add_state(parser)
    args = parser.parse_args()
    args.only = args.only or list(PARTS)
    tell(lambda: measure(args), as_json=args.json)


if __name__ == "__main__":
    main()
