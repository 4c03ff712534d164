"""Log-in attempts of all tails of a process, held together.

A vCenter's single sign-on counts wrong passwords per account, across all vCenters of its domain: a dozen tails that
each try a stale password a few times lock the account for everybody.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from contextlib import contextmanager
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig

REST: Final = 300.0
"""Seconds between two attempts with a refused password: beyond the 180 s in which vCenter counts five."""


class Logins:
    """Which credentials have been refused, and until when they rest. Safe to use from several threads."""

    def __init__(self) -> None:
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._refusals: dict[str, _Refusal] = {}

    @contextmanager
    def attempt(self, config: VcenterConfig) -> Iterator[None]:
        """Log in inside of it: one attempt per account at a time, and none with a password just refused.

        Raises:
            Refused: as raised inside, or because the same password was refused less than ``REST`` ago.
        """
        username, password = config.account
        with self._turns[username]:
            digest = sha256(password.reveal().encode()).digest()
            refusal = self._refusals.get(username)
            if refusal and refusal.password == digest and monotonic() < refusal.until:
                raise Refused(
                    f"vCenter {config.name} is not asked: {refusal.vcenter} has refused the same password",
                    cure=f"correct vcenters.{config.name}.username or vcenters.{config.name}.password_file",
                )
            try:
                yield
            except Refused:
                self._refusals[username] = _Refusal(config.name, digest, monotonic() + REST)
                raise


class _Refusal(NamedTuple):
    vcenter: str
    password: bytes
    until: float
