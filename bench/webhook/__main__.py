"""The webhook against a bare handler on the same library: requests per second and how long an answer takes, in one run.

``python -m bench.webhook [--rounds N] [--seconds N] [--only N,N] [--json] [--state FOLDER]``. Asserts nothing; an
event has 1.2 KB, every 202 waits for the ack of Kafka. The scenarios of a round run one after the other, so that a
noisy machine disturbs neighbours alike. Needs Go.
"""

from __future__ import annotations

import argparse
import time
from importlib.metadata import version
from typing import TYPE_CHECKING

from bench.conditions import conditions, load
from bench.report import say, tell
from bench.stand import add_state, stand
from bench.webhook import rig
from bench.webhook.outcome import Outcome
from bench.webhook.scenario import CONNECTIONS, scenarios

if TYPE_CHECKING:
    from bench.webhook.outcome import Run
    from bench.webhook.scenario import Scenario


def measure(args: argparse.Namespace) -> Outcome:
    """Everything that was asked for.

    Raises:
        ReflexarcError: there is no broker or no Go, or a process ended while it was measured.
    """
    surroundings = {**conditions(), "aiohttp": version("aiohttp")}
    chosen = [each for each in scenarios() if each.connections in args.only]
    runs: dict[Scenario, list[Run]] = {each: [] for each in chosen}
    with stand(args.state) as status:
        start = time.strftime("bench-%Y%m%d-%H%M%S")
        for number in range(1, args.rounds + 1):
            for at, each in enumerate(chosen):
                say(f"round {number} of {args.rounds}: {each.who.value}, {each.load}")
                name = f"{start}-{number}-{at}"
                folder = args.state.parent / "bench" / name
                runs[each].append(rig.run(each, status, folder, name, args.seconds))
    return Outcome({**surroundings, "load afterwards": load()}, runs)


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each scenario runs")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each is measured")
    parser.add_argument(
        "--only",
        type=lambda text: tuple(map(int, text.split(","))),
        default=CONNECTIONS,
        help="only these numbers of connections, comma-separated",
    )
    parser.add_argument("--json", action="store_true", help="every single measurement as JSON")
    add_state(parser)
    args = parser.parse_args()
    tell(lambda: measure(args), as_json=args.json)


if __name__ == "__main__":
    main()
