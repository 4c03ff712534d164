"""RabbitMQ, the system's, as a node of our own that shares nothing with the system's service."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from ops.dev import debian, ports, tool
from ops.dev.service import Command, Service
from ops.dev.state import password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.dev.service import Report

# Debian's rabbitmq-server in PATH changes to the user rabbitmq, who may not read our folder; this is what it wraps.
_UNWRAPPED = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_USERNAME = "reflexarc"
_SECONDS = 3.0
_PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"
_METHOD_FRAME = b"\x01"


class RabbitMQ(Service):
    """A node with a port mapper (epmd) of its own, both on the loopback interface only."""

    kind = "rabbitmq"
    processes = ("epmd", "node")
    patience = 30.0

    def prepare(self, report: Report) -> None:
        """Install the package where that is possible; make the password and the configuration."""
        if _program() is None:
            debian.install("rabbitmq-server", lambda line: report(f"{self.place.name}: {line}"))
        tool.require("erl", "epmd")
        password(self.place.password_file)

    def command(self, process: str) -> Command:
        """The port mapper, or the node on the ports of its last run when they are free."""
        folder = self.place.folder
        if process == "epmd":
            port = ports.reserve(self.place.ports_file, "epmd")["epmd"]
            return Command(("epmd", "-address", ports.LOOPBACK, "-port", str(port)))
        numbers = ports.reserve(self.place.ports_file, "amqp", "distribution")
        self._configure(numbers["amqp"])
        environ = {
            "HOME": str(folder),  # the node's cookie is kept there
            "ERL_CRASH_DUMP": str(folder / "erl_crash.dump"),
            "ERL_EPMD_ADDRESS": ports.LOOPBACK,
            "ERL_EPMD_PORT": str(ports.remembered(self.place.ports_file, "epmd")),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_NODENAME": "reflexarc@localhost",
            "RABBITMQ_NODE_PORT": str(numbers["amqp"]),
            "RABBITMQ_DIST_PORT": str(numbers["distribution"]),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_LOGS": "-",
            "RUNNING_UNDER_SYSTEMD": "true",  # the Erlang machine itself becomes our process and gets our signals
        }
        return Command((str(_program()),), environ)

    def answers(self) -> bool:
        """Whether it opens an AMQP 0-9-1 connection: it answers the protocol header with connection.start."""
        if self._port is None:
            return False
        try:
            with socket.create_connection((ports.LOOPBACK, self._port), _SECONDS) as connection:
                connection.sendall(_PROTOCOL_HEADER)
                return connection.recv(1) == _METHOD_FRAME
        except OSError:
            return False

    def endpoint(self) -> str | None:
        """Its URL, without credentials."""
        return f"amqp://{ports.LOOPBACK}:{self._port}/" if self._port else None

    def details(self) -> Mapping[str, str]:
        """Its administrator."""
        return {
            "username": _USERNAME,
            "password_file": str(self.place.password_file),
        }

    @property
    def _port(self) -> int | None:
        return ports.remembered(self.place.ports_file, "amqp")

    def _configure(self, port: int) -> None:
        folder = self.place.folder
        secret = password(self.place.password_file)
        for file, text in (
            (folder / "rabbitmq.conf", _configuration(port, secret)),
            (folder / "enabled_plugins", "[].\n"),
        ):
            file.touch(mode=0o600)
            file.write_text(text)


def _configuration(port: int, secret: str) -> str:
    return (
        f"listeners.tcp.default = {ports.LOOPBACK}:{port}\n"
        f"default_user = {_USERNAME}\n"
        f"default_pass = {secret}\n"
        "default_user_tags.administrator = true\n"
    )


def _program() -> str | None:
    """The server, if there is one, and an Erlang machine in PATH to run it."""
    if shutil.which("erl") is None:
        return None
    return str(_UNWRAPPED) if _UNWRAPPED.exists() else shutil.which("rabbitmq-server")
