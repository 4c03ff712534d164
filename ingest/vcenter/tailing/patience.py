"""How long a tail rests after a failure, and what it says about it."""

from __future__ import annotations

import logging
from typing import Final

from schemas.errors import ReflexarcError, Refused

FIRST: Final = 0.1
LONGEST: Final = 5.0
REFUSED: Final = 30.0
"""A person must act, and does not act faster for being asked often; each attempt is an event in the vCenter's log."""

log = logging.getLogger(__name__)


class Patience:
    """Rests of one tail: 0.1 s doubling to 5 s while nobody answers, 30 s after a refusal.

    Args:
        vcenter: configured name.
    """

    def __init__(self, vcenter: str) -> None:
        self._vcenter = vcenter
        self._pause = FIRST
        self._said = ""

    def rest(self, error: Exception) -> float:
        """Seconds to rest after ``error``; the same sentence is said once."""
        if str(error) != self._said:
            self._said = str(error)
            if isinstance(error, ReflexarcError):
                level = logging.ERROR if isinstance(error, Refused) else logging.WARNING
                log.log(level, "%s", error)
            else:
                log.error("vCenter %s: unexpected %s", self._vcenter, type(error).__name__, exc_info=error)
        if isinstance(error, Refused):
            return REFUSED
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST)
        return pause

    def restore(self) -> None:
        """The vCenter answers."""
        if self._said:
            log.info("vCenter %s: answers again", self._vcenter)
            self._said = ""
        self._pause = FIRST
