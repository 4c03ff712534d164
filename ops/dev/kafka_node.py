"""One node of the local Kafka, broker and controller in one process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.dev import ports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from string import Template

    from ops.dev.service import Place

CLUSTER = 3
"""Nodes of a cluster: the fewest of which one may be away."""


@dataclass(frozen=True, slots=True)
class Node:
    """Where one node lives.

    Attributes:
        number: its ``node.id``, from 1.
        process: its name in the stack.
        folder: its configuration and its data.
        ports_file: where its ports are remembered, beside those of the others.
        client: name of the port for clients and other brokers.
        controller: name of the port for other controllers.
    """

    number: int
    process: str
    folder: Path
    ports_file: Path
    client: str
    controller: str

    @property
    def config(self) -> Path:
        """Its ``server.properties``."""
        return self.folder / "server.properties"

    @property
    def data(self) -> Path:
        """Its ``log.dirs``."""
        return self.folder / "data"

    @property
    def meta(self) -> Path:
        """What the formatter leaves in the data folder."""
        return self.data / "meta.properties"

    @property
    def endpoint(self) -> str | None:
        """``host:port`` for clients; None before the first start."""
        port = ports.remembered(self.ports_file, self.client)
        return f"{ports.LOOPBACK}:{port}" if port else None

    @property
    def voter(self) -> str:
        """Its entry in ``controller.quorum.voters``; its ports have been reserved."""
        return f"{self.number}@{ports.LOOPBACK}:{ports.remembered(self.ports_file, self.controller)}"

    def controller_is_free(self) -> bool:
        """Whether it can come back at the address by which the other nodes know it."""
        port = ports.remembered(self.ports_file, self.controller)
        return port is None or ports.is_free(port)

    def configure(self, template: Template, values: Mapping[str, object]) -> None:
        """Write its configuration: ``template`` with ``values``, and what is its own. Its ports have been reserved."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.config.touch(mode=0o600)
        controller = self.voter.partition("@")[2]
        own = {"number": self.number, "client": self.endpoint, "controller": controller, "data": self.data}
        self.config.write_text(template.substitute({**values, **own}))

    def cluster(self) -> str | None:
        """The id of the cluster that its data belong to; None before they are formatted."""
        lines = self.meta.read_text().splitlines() if self.meta.exists() else []
        return next((line.partition("=")[2] for line in lines if line.startswith("cluster.id=")), None)


def nodes(place: Place, brokers: int) -> tuple[Node, ...]:
    """The nodes of a Kafka; a single one lives in the service's own folder."""
    if brokers == 1:
        return (Node(1, "broker", place.folder, place.ports_file, "client", "controller"),)
    return tuple(
        Node(
            number,
            f"broker-{number}",
            place.folder / f"broker-{number}",
            place.ports_file,
            f"client-{number}",
            f"controller-{number}",
        )
        for number in range(1, brokers + 1)
    )


def brokers_of(folder: Path) -> int | None:
    """How many nodes the data in a service's folder were made for; None without data."""
    if (folder / "data").exists():
        return 1
    return CLUSTER if any(folder.glob("broker-*/data")) else None
