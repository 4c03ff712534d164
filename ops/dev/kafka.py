"""Apache Kafka, one KRaft node or a cluster of them, straight from the jars of Maven Central."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from ops.dev import cache, certificates, ports, tool
from ops.dev.broker_probe import brokers_known
from ops.dev.kafka_node import nodes
from ops.dev.kafka_storage import format_storage
from ops.dev.service import Command, Service
from ops.dev.state import password
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ops.dev.kafka_node import Node
    from ops.dev.service import Place, Report

_FILES = Path(__file__).parent / "kafka"
_POM = _FILES / "pom.xml"
_SINGLE = ("-Xmx768m",)
_CLUSTERED = ("-Xmx512m", "-XX:TieredStopAtLevel=1")  # they start together, on few cores: compile quickly
_USERNAME = "admin"


class Kafka(Service):
    """A real broker; its data survive any restart.

    Args:
        place: where it lives.
        secure: clients use TLS and SCRAM-SHA-512, and may do only what an ACL allows (``admin`` may do everything).
        brokers: how many nodes; each has a copy of what is not said otherwise.
    """

    kind = "kafka"
    patience = 30.0

    def __init__(self, place: Place, *, secure: bool = False, brokers: int = 1) -> None:
        super().__init__(place)
        self._secure = secure
        self._nodes = nodes(place, brokers)
        self.processes = tuple(node.process for node in self._nodes)
        self.note = "TLS, SCRAM-SHA-512, ACLs" if secure else ""

    @property
    def serving(self) -> tuple[str, ...]:
        """Every node."""
        return self.processes

    def prepare(self, report: Report) -> None:
        """Fetch the jars, format the data folders."""
        tool.require("java")
        if not self._jars.exists():
            tool.require("mvn")
            report("kafka: fetching Apache Kafka through Maven, 54 MB, once")
        cache.ensure(self._jars, self._fetch, report)
        if self._secure:
            certificates.create(self.place.ca_file, self._keystore, report)
        new = [node for node in self._nodes if not node.meta.exists()]
        if new:
            report(f"kafka: formatting its data folder{'s' if len(new) > 1 else ''}")
            self._configure(new)
            format_storage(new, self._nodes, self._java(), self._users())

    def assign(self, processes: Sequence[str]) -> None:
        """Give the nodes the ports of their last run when they are free.

        Raises:
            ReflexarcError: a node needs another port, which those that run would never learn.
        """
        starting = [node for node in self._nodes if node.process in processes]
        if len(starting) < len(self._nodes):
            taken = [node.process for node in starting if not node.controller_is_free()]
            if taken:
                raise ReflexarcError(
                    f"{self.place.name}: another program has taken the port of {', '.join(taken)}",
                    cure="reflexarc dev down, then reflexarc dev up gives the cluster other ports",
                )
        self._configure(starting)

    def command(self, process: str) -> Command:
        """One node, as it was configured by ``assign``."""
        (node,) = (node for node in self._nodes if node.process == process)
        return Command((*self._java(), "kafka.Kafka", str(node.config)))

    def answers(self) -> bool:
        """Whether every node gives out metadata that list every node."""
        return not self.lacking()

    def lacking(self) -> str:
        """How many of the nodes do not answer, or do not know of each other yet."""
        every = len(self._nodes)
        security = self._login()
        known = [brokers_known(node.endpoint, security) if node.endpoint else 0 for node in self._nodes]
        answering = sum(number > 0 for number in known)
        if answering < every:
            return "does not answer" if every == 1 else f"{answering} of {every} brokers answer"
        return "" if min(known) == every else f"{min(known)} of {every} brokers are in the cluster"

    def endpoint(self) -> str | None:
        """``bootstrap.servers``: ``host:port`` of every node, separated by commas."""
        return ",".join(node.endpoint for node in self._nodes if node.endpoint) or None

    def details(self) -> Mapping[str, str]:
        """In secure mode what a client needs to log in as the super user; the copies that a cluster keeps."""
        details = {}
        if self._secure:
            details = {
                "protocol": "SASL_SSL",
                "mechanism": "SCRAM-SHA-512",
                "username": _USERNAME,
                "password_file": str(self.place.password_file),
                "ca_file": str(self.place.ca_file),
            }
        if len(self._nodes) > 1:
            details["replication"] = str(len(self._nodes))
        return details

    def _login(self) -> Mapping[str, str]:
        if not self._secure:
            return {}
        return {
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": _USERNAME,
            "sasl.password": password(self.place.password_file),
            "ssl.ca.location": str(self.place.ca_file),
        }

    def _users(self) -> list[str]:
        """The formatter's options that make the super user."""
        if not self._secure:
            return []
        return ["--add-scram", f"SCRAM-SHA-512=[name={_USERNAME},password={password(self.place.password_file)}]"]

    @property
    def _keystore(self) -> Path:
        return self.place.folder / "server.pem"

    @property
    def _jars(self) -> Path:
        return cache.target(self.place.cache, "kafka", [_POM])

    def _fetch(self, folder: Path) -> None:
        tool.run(["mvn", "-B", "-ntp", f"--file={_POM}", "dependency:copy-dependencies", f"-DoutputDirectory={folder}"])

    def _java(self) -> list[str]:
        temporary = self.place.folder / "tmp"  # native libraries are unpacked there and left behind by a kill
        temporary.mkdir(exist_ok=True)
        return [
            "java",
            *(_SINGLE if len(self._nodes) == 1 else _CLUSTERED),
            "-XX:+UseSerialGC",  # one small heap: the least memory and the quickest start
            f"-Djava.io.tmpdir={temporary}",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
            "-Dorg.slf4j.simpleLogger.showThreadName=false",
            "-cp",
            f"{self._jars}/*",
        ]

    def _configure(self, some: Sequence[Node]) -> None:
        """Reserve the ports of these nodes, and write their configuration."""
        ports.reserve(self.place.ports_file, *(name for node in some for name in (node.client, node.controller)))
        flavour = "secure" if self._secure else "plain"
        template = Template("".join((_FILES / f"{name}.properties").read_text() for name in ("server", flavour)))
        every = len(self._nodes)
        values = {
            "voters": ",".join(node.voter for node in self._nodes),
            "replication": every,
            "min_insync": max(1, every - 1),
        }
        if self._secure:
            secret = password(self.place.password_file)
            values |= {"keystore": self._keystore, "ca": self.place.ca_file, "password": secret}
        for node in some:
            node.configure(template, values)
