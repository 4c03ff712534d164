"""The keys that roles sign for each other with, as their file holds them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from schemas.config.keyfile import ring
from schemas.errors import Refused
from sinks.fresh import Fresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.config import Secret
    from schemas.keys import Key
    from streams.transport.health import Health

log = logging.getLogger(__name__)


class Ring:
    """Read anew when the last time is a second ago; while the file is being replaced, those of before count.

    Args:
        secret: the key file; None where there is none.
        health: is told while it cannot be read.

    Raises:
        Refused: it cannot be read at the beginning.
    """

    def __init__(self, secret: Secret | None, health: Health) -> None:
        self._secret = secret
        self._health = health
        self._last: Sequence[Key] = () if secret is None else ring(secret)
        self._fresh = Fresh(self._read)

    def __call__(self) -> Sequence[Key]:
        """The keys; the first one makes, all of them open. None where there is no file."""
        return self._fresh.get()

    def _read(self) -> Sequence[Key]:
        if self._secret is None:
            return ()
        try:
            self._last = ring(self._secret)
        except Refused as error:
            log.warning("the keys of before count: %s", error)
            self._health.report("answer key", f"remediation.answer_key: {error}")
        else:
            self._health.clear("answer key")
        return self._last
