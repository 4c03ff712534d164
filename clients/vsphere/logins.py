"""The log-ins of a process, held together by account: a dozen connections with a stale password would lock it."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from contextlib import contextmanager
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Final

from clients.vsphere.account import Account
from clients.vsphere.attempts import SILENCE, Attempts, Version
from clients.vsphere.faults import InvalidLogin
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from schemas.config import VcenterConfig


class Logins:
    """Who may log in now. Safe to use from several threads.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._accounts: defaultdict[Account, Attempts] = defaultdict(Attempts)

    @contextmanager
    def attempt(self, config: VcenterConfig) -> Iterator[str]:
        """Log in inside of it, with the password it gives, read anew; waits until no other attempt is under way.

        Only ``InvalidLogin`` raised inside counts as a wrong password.

        Raises:
            Refused: the account rests, or its password cannot be read.
        """
        username, secret = config.account
        place, written = secret.version()
        text = secret.reveal()
        version = Version(sha256(text.encode()).digest(), place, written)
        with self._changed:
            account = self._accounts[Account.of(username, config.url)]
            this = self._take_turn(account, config.name, version)
        try:
            yield text
        except InvalidLogin:
            with self._changed:
                account.refused(self._clock(), config.name, version)
            raise
        else:
            with self._changed:
                account.accepted(config.name, version)
        finally:
            with self._changed:
                account.end(this)
                self._changed.notify_all()

    def _take_turn(self, account: Attempts, vcenter: str, version: Version) -> object:
        while (seconds := account.wait(self._clock(), vcenter, version)) > 0:
            if seconds > SILENCE:
                raise _resting(vcenter, for_good=seconds == math.inf)
            self._changed.wait(seconds)
        return account.begin(self._clock())


def _resting(vcenter: str, *, for_good: bool) -> Refused:
    if for_good:
        return Refused(
            f"vCenter {vcenter} is not asked: this password of its account was refused twice",
            cure=f"write the right one to vcenters.{vcenter}.password_file; once the account is unlocked, touch it",
        )
    return Refused(
        f"vCenter {vcenter} is not asked yet: wrong passwords of its account came in lately, more would lock it",
        cure=f"correct vcenters.{vcenter}.username or vcenters.{vcenter}.password_file",
    )


OF_THIS_PROCESS: Final = Logins()
"""What every session uses unless it is given another: accounts know no borders inside a process."""
