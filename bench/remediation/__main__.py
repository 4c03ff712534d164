"""How fast is decided on actions, and that a storm holds up nobody: decisions per second, p99, memory.

``python -m bench.remediation [--rounds N] [--alarms N] [--json] [--state FOLDER]``. Asserts nothing. Needs Go for the
simulators.
"""

from __future__ import annotations

import argparse
import time

from bench.conditions import conditions, load
from bench.remediation import pure, role, storm
from bench.remediation.outcome import Outcome
from bench.report import say, tell
from bench.stand import add_state, stand


def measure(args: argparse.Namespace) -> Outcome:
    """Everything that was asked for.

    Raises:
        ReflexarcError: there is no broker, or something was not decided.
    """
    surroundings, name = conditions(), time.strftime("bench-%Y%m%d-%H%M%S")
    folder = args.state.parent / "bench"
    with stand(args.state) as status:
        alone, roles = [], []
        for number in range(1, args.rounds + 1):
            say(f"round {number} of {args.rounds}")
            alone.append(pure.run(args.alarms, storm.MACHINES))
            at = f"{name}-{number}"
            roles.append(role.run(status, folder / at, at, count=args.alarms, machines=storm.MACHINES))
        say("the storm")
        played = storm.run(status, folder / f"{name}-storm", f"{name}-storm", alarms=args.alarms)
    return Outcome({**surroundings, "load afterwards": load()}, alone, roles, played)


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often guardrails and role are measured")
    parser.add_argument("--alarms", type=int, default=5_000, help="how many requests")
    parser.add_argument("--json", action="store_true", help="every single measurement as JSON")
    add_state(parser)
    args = parser.parse_args()
    tell(lambda: measure(args), as_json=args.json)


if __name__ == "__main__":
    main()
