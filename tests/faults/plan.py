"""What happens to whom and when, written as text: ``0 start w1, 5 SIGKILL w1, 6 SIGKILL broker, 9 start broker``.

Of a cluster, ``broker-2`` is one node, and ``coordinator`` the one that coordinates the group when its time has come;
``start broker`` starts whichever does not run.
"""

from __future__ import annotations

import signal
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

START: Final = "start"
BEGIN_WITHIN: Final = 120.0
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


def execute(
    steps: Sequence[Step],
    act: Callable[[Step], None],
    *,
    begun: Callable[[], bool] = lambda: True,
    ready: Callable[[Step], bool] = lambda _: True,
) -> None:
    """Call ``act`` with each step when its time has come, and all is ready for it.

    The clock starts when the steps at 0 are done and ``begun`` says so; it stands still while it waits for ``ready``.
    """
    following = deque(steps)
    while following and not following[0].at:
        act(following.popleft())
    _until(begun, "nothing has begun")
    began = time.monotonic()
    for step in following:
        time.sleep(max(0.0, began + step.at - time.monotonic()))
        due = time.monotonic()
        _until(partial(ready, step), f"nothing is ready for {step}")
        began += time.monotonic() - due
        act(step)


def _until(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + BEGIN_WITHIN
    while not condition():
        assert time.monotonic() < deadline, f"{otherwise} within {BEGIN_WITHIN} s"
        time.sleep(LOOK_EVERY)
