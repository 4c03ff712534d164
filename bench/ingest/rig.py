"""Canned vCenters, a broker, one ingest process and a listener, for one run of a bench."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from bench.broker import Broker
from bench.ingest.listener import Listener
from ops.demo.child import Service
from schemas.errors import ReflexarcError
from tests.support.canned.client import Canned
from tests.support.vcenter import installation, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

LOOK = 0.02
WITHIN = 60.0


class Rig:
    """A context manager; everything ends and the topics are deleted with it.

    Args:
        folder: for every file; does not exist yet.
        bootstrap: the broker.
        vcenters: how many.
        options: of the canned vCenters, which are reached by TLS.
        stamped: whether the listener notes how late events are.
        module: what ``python -m`` runs as the ``reflexarc`` command.
        environ: variables of it.
        fields: of every vCenter in the configuration.

    Attributes:
        canned: the vCenters.
        listener: knows what is on Kafka.
        ingest: the process.
    """

    def __init__(
        self,
        folder: Path,
        bootstrap: str,
        vcenters: int,
        *options: str,
        stamped: bool = False,
        module: str = "ops",
        environ: Mapping[str, str] | None = None,
        **fields: Any,
    ) -> None:
        self._folder = folder.absolute()
        self._bootstrap = bootstrap
        self._names = [f"vc{number}" for number in range(1, vcenters + 1)]
        self._options = options
        self._stamped = stamped
        self._module = module
        self._environ = environ
        self._fields = fields

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True)
        with ExitStack() as closing:
            self.canned = closing.enter_context(
                Canned(self._folder, self._names, *self._options, tls=True, journal=False)
            )
            path = installation(self._folder, self._bootstrap, self._folder.name, self.canned.configs(), **self._fields)
            config = read(path)
            closing.callback(Broker(config).clear)
            self.listener = closing.enter_context(Listener(config.kafka, stamped=self._stamped))
            argv = [self._module, "--config", str(path), "ingest", "vcenter"]
            self.ingest = Service("ingest", argv, self._folder, self._environ)
            closing.callback(self.ingest.stop)
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for it.

        Raises:
            ReflexarcError: ingest has ended, or it does not come within a minute.
        """
        deadline = time.monotonic() + WITHIN
        while not condition():
            if not self.ingest.alive or time.monotonic() > deadline:
                raise ReflexarcError(f"ingest does not come on: {self.ingest.last_words()}")
            time.sleep(LOOK)
