"""Apache Kafka, one KRaft node, straight from the jars of Maven Central."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64encode
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from ops.dev import cache, certificates, ports, tool
from ops.dev.broker_probe import broker_answers
from ops.dev.service import Command, Service
from ops.dev.state import password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.dev.service import Place, Report

_FILES = Path(__file__).parent / "kafka"
_POM = _FILES / "pom.xml"
_HEAP = "-Xmx768m"
_USERNAME = "admin"


class Kafka(Service):
    """A real broker; its data survive any restart.

    Args:
        place: where it lives.
        secure: clients use TLS and SCRAM-SHA-512, and may do only what an ACL allows (``admin`` may do everything).
    """

    kind = "kafka"
    processes = ("broker",)
    patience = 30.0

    def __init__(self, place: Place, *, secure: bool = False) -> None:
        super().__init__(place)
        self._secure = secure
        self.note = "TLS, SCRAM-SHA-512, ACLs" if secure else ""

    def prepare(self, report: Report) -> None:
        """Fetch the jars, format the data folder."""
        tool.require("java")
        if not self._jars.exists():
            tool.require("mvn")
            report("kafka: fetching Apache Kafka through Maven, 54 MB, once")
        cache.ensure(self._jars, self._fetch, report)
        if self._secure:
            certificates.create(self.place.ca_file, self._keystore, report)
        if not (self.place.folder / "data" / "meta.properties").exists():
            report("kafka: formatting its data folder")
            self._format()

    def command(self, process: str) -> Command:
        """The broker, on the ports of its last run when they are free."""
        del process  # there is only one
        self._configure(ports.reserve(self.place.ports_file, "client", "controller"))
        argv = (*self._java(), "kafka.Kafka", str(self._config))
        return Command(argv)

    def answers(self) -> bool:
        """Whether the broker itself is in the metadata it gives out."""
        security = {}
        if self._secure:
            security = {
                "security.protocol": "SASL_SSL",
                "sasl.mechanism": "SCRAM-SHA-512",
                "sasl.username": _USERNAME,
                "sasl.password": password(self.place.password_file),
                "ssl.ca.location": str(self.place.ca_file),
            }
        endpoint = self.endpoint()
        return endpoint is not None and broker_answers(endpoint, security)

    def endpoint(self) -> str | None:
        """``host:port`` for ``bootstrap.servers``."""
        port = ports.remembered(self.place.ports_file, "client")
        return f"{ports.LOOPBACK}:{port}" if port else None

    def details(self) -> Mapping[str, str]:
        """In secure mode what a client needs to log in as the super user."""
        if not self._secure:
            return {}
        return {
            "protocol": "SASL_SSL",
            "mechanism": "SCRAM-SHA-512",
            "username": _USERNAME,
            "password_file": str(self.place.password_file),
            "ca_file": str(self.place.ca_file),
        }

    @property
    def _config(self) -> Path:
        return self.place.folder / "server.properties"

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
            _HEAP,
            "-XX:+UseSerialGC",  # one small heap: the least memory and the quickest start
            f"-Djava.io.tmpdir={temporary}",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
            "-Dorg.slf4j.simpleLogger.showThreadName=false",
            "-cp",
            f"{self._jars}/*",
        ]

    def _configure(self, numbers: Mapping[str, int]) -> None:
        folder = self.place.folder
        flavour = "secure" if self._secure else "plain"
        template = "".join((_FILES / f"{name}.properties").read_text() for name in ("server", flavour))
        values = {"client_port": numbers["client"], "controller_port": numbers["controller"], "data": folder / "data"}
        if self._secure:
            secret = password(self.place.password_file)
            values |= {"keystore": self._keystore, "ca": self.place.ca_file, "password": secret}
        self._config.touch(mode=0o600)
        self._config.write_text(Template(template).substitute(values))

    def _format(self) -> None:
        self._configure(ports.reserve(self.place.ports_file, "client", "controller"))
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        arguments = ["format", f"--cluster-id={cluster}", f"--config={self._config}"]
        if self._secure:
            secret = password(self.place.password_file)
            arguments += ["--add-scram", f"SCRAM-SHA-512=[name={_USERNAME},password={secret}]"]
        # Through a file: arguments are visible to every user of the machine.
        file = self.place.folder / "format.arguments"
        file.touch(mode=0o600)
        file.write_text("\n".join(arguments))
        tool.run([*self._java(), "kafka.tools.StorageTool", f"@{file}"], limit=120)
        file.unlink()
