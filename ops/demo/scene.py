"""The pipeline on a running stack: receivers, one configuration, our services as processes, and an end to all of it."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import yaml
from yarl import URL

from ops.demo.child import Child, Program, Service
from ops.demo.journal import entries
from schemas.config import load
from schemas.errors import ReflexarcError
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from ops.dev.component import Component, Status
    from schemas.config import Config

Started = TypeVar("Started", bound=Child)

QUEUE = "notifications"
# Six seconds of silence after a kill instead of ten: a demo is watched.
SESSION = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 1500}


class Scene:
    """A folder with everything that one run of the pipeline writes; a context manager that ends every child.

    Args:
        folder: for the configuration, logs and the receivers' files.
        stack: the running parts.
        prefix: of topics and groups, so that runs on one broker stay apart.
        module: what ``python -m`` runs as the ``reflexarc`` command.
    """

    def __init__(self, folder: Path, stack: Status, *, prefix: str, module: str = "ops") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.stack = stack
        self.prefix = prefix
        self.module = module
        self.environ: dict[str, str] = {}
        self._children: list[Child] = []
        # An interrupt is raised in the main thread: here it cannot come between a new process and our note of it.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="starter")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._starter.shutdown()
        for child in reversed(self._children):
            child.stop()

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "reflexarc.yaml"

    def write_config(self, document: Mapping[str, Any]) -> None:
        """Write the configuration that every service of this scene reads."""
        self.config.write_text(yaml.safe_dump(dict(document), sort_keys=False))

    def receiver(self, kind: str, *options: str, name: str | None = None) -> str:
        """Start a receiver of ``ops.demo.receivers``; its URL."""
        name = name or kind
        argv = ["ops.demo.receivers", kind, "--out", str(self.journal(name)), *options]
        return self._start(partial(Child, name, argv, self.folder)).first_line()

    def orchestrator(self, broker: Component, *options: str) -> None:
        """Start the RabbitMQ consumer and wait until it consumes."""
        argv = [
            "ops.demo.orchestrator",
            "--url",
            _amqp_url(broker),
            "--queue",
            QUEUE,
            "--out",
            str(self.journal("orchestrator")),
            *options,
        ]
        self._start(partial(Child, "orchestrator", argv, self.folder, _amqp_password(broker))).first_line()

    def service(self, name: str, *argv: str, module: str | None = None) -> Service:
        """Start ``reflexarc ARGV`` with this scene's configuration and wait until it is ready."""
        child = self.begin(name, *argv, module=module)
        child.await_ready()
        return child

    def begin(self, name: str, *argv: str, module: str | None = None) -> Service:
        """Start ``reflexarc ARGV`` as ``service`` does, without waiting."""
        command = [module or self.module, "--config", str(self.config), *argv]
        return self._start(partial(Service, name, command, self.folder, self.environ))

    def begin_program(self, name: str, argv: Sequence[str], environ: Mapping[str, str]) -> Program:
        """Start a program that is none of ours."""
        return self._start(partial(Program, name, argv, self.folder, environ, speaks=False))

    def run(self, *argv: str) -> str:
        """Run ``reflexarc ARGV`` to its end; its output.

        Raises:
            ReflexarcError: it failed; the message is its own.
        """
        command = [sys.executable, "-m", self.module, "--config", str(self.config), *argv]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **self.environ}
        )
        if done.returncode:
            raise ReflexarcError(f"reflexarc {' '.join(argv)}: {done.stderr.strip()}")
        return done.stdout

    def add(self, child: Started) -> Started:
        """Take over a child: it ends with the scene."""
        self._children.append(child)
        return child

    def check(self) -> None:
        """See that everything that was started still runs.

        Raises:
            ReflexarcError: a child has crashed.
        """
        for child in self._children:
            if child.crashed:
                raise ReflexarcError(f"{child.name} has ended: {child.last_words()}", cure=f"see {child.log}")

    def journal(self, name: str) -> Path:
        """The file of a receiver or generator."""
        return self.folder / f"{name}.jsonl"

    def received(self, name: str) -> Iterator[dict[str, Any]]:
        """What a receiver has written so far."""
        return entries(self.journal(name))

    def _start(self, make: Callable[[], Started]) -> Started:
        return self._starter.submit(lambda: self.add(make())).result()


def read_config(scene: Scene) -> Config:
    """The scene's configuration, validated as every service does it."""
    return load(scene.config, sink_models=model, sink_types=tuple(SINKS))


def kafka_section(stack: Status, prefix: str) -> dict[str, Any]:
    """The ``kafka:`` section for the stack's broker."""
    broker = stack.of_kind("kafka")[0]
    section: dict[str, Any] = {
        "bootstrap": broker.endpoint,
        "prefix": prefix,
        "partitions": 4,
        "replication": int(broker.details.get("replication", 1)),
        "options": dict(SESSION),
    }
    if "password_file" in broker.details:
        section["security"] = {
            "protocol": "SASL_SSL",
            "mechanism": "SCRAM-SHA-512",
            "username": broker.details["username"],
            "password_file": broker.details["password_file"],
            "ca_file": broker.details["ca_file"],
        }
    return section


def vcenter_sections(stack: Status, **options: Any) -> dict[str, Any]:
    """The ``vcenters:`` section for the stack's simulators."""
    return {
        part.name: {
            "url": part.endpoint,
            **{key: part.details[key] for key in ("username", "password_file", "ca_file") if key in part.details},
            **options,
        }
        for part in stack.of_kind("vcsim")
        if part.endpoint
    }


def routes(**subjects: tuple[Sequence[str], Sequence[str]]) -> list[dict[str, Any]]:
    """A ``routes:`` section from name to (subjects, sinks)."""
    return [
        {"name": name.replace("_", "-"), "match": {"subject": list(what)}, "to": list(to)}
        for name, (what, to) in subjects.items()
    ]


def _amqp_url(broker: Component) -> str:
    url = URL(broker.endpoint or "")
    return str(url.with_user(broker.details["username"]) if "username" in broker.details else url)


def _amqp_password(broker: Component) -> dict[str, str]:
    path = broker.details.get("password_file")
    return {"AMQP_PASSWORD": Path(path).read_text().strip()} if path else {}
