"""What happens to whom and when, written as text: ``0 start w1, 5 SIGKILL w1, 6 SIGKILL broker, 9 start broker``.

Of a cluster, ``broker-2`` is one node, and ``coordinator`` the one that coordinates the group when its time has come;
``start broker`` starts whichever does not run.
"""

from __future__ import annotations

import signal
import time
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

START: Final = "start"
BEGIN_WITHIN: Final = 60.0
LOOK_EVERY: Final = 0.05


class Step(NamedTuple):
    """At ``at`` seconds, ``act`` (start, or a signal) happens to ``who``."""

    at: float
    act: str
    who: str

    @property
    def fault(self) -> bool:
        """Whether it interrupts somebody's work."""
        return self.act in {"SIGKILL", "SIGSTOP"}


def parse(text: str) -> tuple[Step, ...]:
    """The steps in order of time.

    Raises:
        ValueError: a step is no time, act and name, or the act is neither ``start`` nor a signal.
    """
    steps = []
    for part in text.split(","):
        at, act, who = part.split()
        if act != START and act not in signal.Signals.__members__:
            raise ValueError(f"{act} is neither {START} nor a signal")
        steps.append(Step(float(at), act, who))
    return tuple(sorted(steps, key=lambda step: step.at))


def execute(steps: Sequence[Step], act: Callable[[Step], None], *, begun: Callable[[], bool] = lambda: True) -> None:
    """Call ``act`` with each step when its time has come.

    The clock starts when the steps at 0 are done and ``begun`` says so; from then on it never waits.
    """
    following = deque(steps)
    while following and not following[0].at:
        act(following.popleft())
    deadline = time.monotonic() + BEGIN_WITHIN
    while not begun():
        assert time.monotonic() < deadline, f"nothing has begun within {BEGIN_WITHIN} s"
        time.sleep(LOOK_EVERY)
    began = time.monotonic()
    for step in following:
        time.sleep(max(0.0, began + step.at - time.monotonic()))
        act(step)
