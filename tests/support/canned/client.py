"""A process of canned vCenters, and what a test does to them."""

from __future__ import annotations

import ssl
import urllib.request
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import orjson

from ops.demo.child import Child
from ops.demo.journal import entries
from schemas.config import VcenterConfig
from tests.support.canned.vcenter import PASSWORD, USERNAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WITHIN = 30.0


class Held(NamedTuple):
    """One event of the server's own list.

    Attributes:
        place: epoch and index: events of one vCenter in the order in which they were committed.
        created: xsd:dateTime, UTC.
        entity: managed object id; None for an event about none.
        own: key of the session that it is about; empty when it is about none.
        at: when it could be seen first, in seconds of the epoch.
    """

    place: tuple[int, int]
    key: int
    created: str
    entity: str | None
    name: str
    own: str
    at: float


class Canned:
    """Runs while it is entered.

    Args:
        folder: for its log, its lists and its certificate.
        names: of the vCenters.
        options: of ``python -m tests.support.canned``.
        tls: whether it is https.
        journal: whether it keeps a list of its events.
    """

    def __init__(
        self, folder: Path, names: Sequence[str], *options: str, tls: bool = False, journal: bool = True
    ) -> None:
        self._folder = folder
        self._names = names
        self._tls = tls
        argv = ["tests.support.canned", *options, *(part for name in names for part in ("--vcenter", name))]
        argv += ["--journal", str(folder)] if journal else []
        argv += ["--tls", str(folder)] if tls else []
        self._child = Child("canned", argv, folder)
        self.pid = self._child.pid

    def __enter__(self) -> Self:
        try:
            self._address = self._child.first_line()
        except BaseException:
            self._child.kill()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._child.stop()

    def configs(self) -> dict[str, VcenterConfig]:
        """How to reach each."""
        password = self._folder / "canned.password"
        password.write_text(PASSWORD)
        account = {"username": USERNAME, "password_file": str(password)}
        trust = {"ca_file": str(self._folder / "ca.pem")} if self._tls else {}
        return {
            name: VcenterConfig.model_validate({"name": name, "url": f"{self._address}/{name}/sdk", **account, **trust})
            for name in self._names
        }

    def tell(self, name: str, verb: str, **arguments: Any) -> dict[str, Any]:
        """Have something done to one of them, see ``control``; its state then."""
        request = urllib.request.Request(  # noqa: S310 - our own child
            f"{self._address}/{name}/control/{verb}", data=orjson.dumps(arguments), method="POST"
        )
        with urllib.request.urlopen(request, timeout=WITHIN, context=self._trust()) as answer:  # noqa: S310 - as above
            found: dict[str, Any] = orjson.loads(answer.read())
            return found

    def _trust(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=self._folder / "ca.pem") if self._tls else None

    def tell_all(self, verb: str, **arguments: Any) -> None:
        """The same to every one."""
        for name in self._names:
            self.tell(name, verb, **arguments)

    def state(self, name: str) -> dict[str, Any]:
        """How it stands."""
        return self.tell(name, "state")

    def events(self, name: str) -> list[Held]:
        """Everything that ever stood in its log, but for what was dropped before anybody was given it."""
        self.state(name)  # has the list brought up to date
        events: dict[tuple[int, int], Held] = {}
        for line in entries(self._folder / f"{name}.events"):
            if forgotten := line.get("forgotten"):
                for index in range(*forgotten):
                    del events[line["epoch"], index]
            else:
                place = line["epoch"], line["index"]
                events[place] = Held(place, *(line[field] for field in Held._fields[1:]))
        return list(events.values())
