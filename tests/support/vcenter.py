"""vCenters for tests: configurations, events posted to simulators, and our ingest as a process."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import yaml
from pyVmomi import vim

from clients.kafka import admin
from clients.vsphere.session import Session
from ops.demo.child import free_port
from schemas import topics
from schemas.config import Config, VcenterConfig, load
from tests.support.topics import everything

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

START_WITHIN = 30.0

OWN_SESSIONS = {"UserLoginSessionEvent", "UserLogoutSessionEvent"}
"""What ingest passes over when it is about a session of its own."""


def vcenter(name: str, *, password_file: Path | str = __file__, **fields: Any) -> VcenterConfig:
    """A configuration that nobody connects with."""
    given = {"url": f"https://{name}.example/sdk", "username": "reader", "password_file": str(password_file)}
    return VcenterConfig.model_validate({"name": name, **given, **fields})


def post(session: Session, texts: Iterable[str]) -> None:
    """One GeneralUserEvent per text, in order."""
    manager = session.content.eventManager
    now = session.current_time()
    for text in texts:
        manager.PostEvent(vim.event.GeneralUserEvent(key=0, chainId=0, createdTime=now, userName="x", message=text))


def installation(
    folder: Path, bootstrap: str, prefix: str, vcenters: Mapping[str, VcenterConfig], **fields: Any
) -> Path:
    """A configuration file for these vCenters, with its topics made; ``fields`` go into each vCenter."""
    document = {
        "kafka": {"bootstrap": bootstrap, "prefix": prefix, "partitions": 3, "replication": 1},
        "vcenters": {name: _section(folder, config) | fields for name, config in vcenters.items()},
    }
    path = folder / "reflexarc.yaml"
    path.write_text(yaml.safe_dump(document))
    config = read(path)
    admin.create(config.kafka, topics.table(config), report=lambda _: None)
    return path


def read(path: Path) -> Config:
    """The validated configuration."""
    return load(path, sink_models=_no_sinks, sink_types=())


class Ingest:
    """``reflexarc ingest vcenter OPTIONS``, or ``ingest`` of another kind, as a process of its own."""

    def __init__(self, config: Path, *options: str, kind: str = "vcenter") -> None:
        self._address = f"127.0.0.1:{free_port()}"
        self.log = config.parent / f"ingest-{self._address.rpartition(':')[2]}.log"
        command = ("ingest", kind, "--probe", self._address, *options)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ops", "--config", str(config), *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=Path(__file__).parents[2],
            )

    def wait_until_ready(self) -> None:
        """Return once every vCenter is followed."""
        wait_for(lambda: self._answer("/ready") is not None, START_WITHIN, self.said)

    def metrics(self) -> str:
        """What it has counted."""
        return self._answer("/metrics") or ""

    def said(self) -> str:
        """Its log."""
        return self.log.read_text()

    def end(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(START_WITHIN)

    def _answer(self, path: str) -> str | None:
        try:
            with urllib.request.urlopen(f"http://{self._address}{path}", timeout=2) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            assert self.process.poll() is None, self.said()
            return None


@contextmanager
def ingest(config: Path, *options: str, kind: str = "vcenter") -> Iterator[Ingest]:
    """A running ingest that follows every vCenter; it does not outlive the body."""
    process = Ingest(config, *options, kind=kind)
    try:
        process.wait_until_ready()
        yield process
    finally:
        process.process.kill()
        process.process.wait()


def texts(bootstrap: str, prefix: str) -> list[str]:
    """Messages of the GeneralUserEvents in Kafka, as a reader of committed records sees them."""
    return [
        orjson.loads(record.value())["Message"]
        for record in everything(bootstrap, topics.events(prefix))
        if dict(record.headers())["ce_subject"] == b"GeneralUserEvent"
    ]


def keys(bootstrap: str, prefix: str, name: str) -> list[int]:
    """Event keys of one vCenter in Kafka, sorted, from its ids."""
    return sorted(int(key) for owner, _, key in _ids(bootstrap, prefix) if owner == name)


def notices(bootstrap: str, prefix: str) -> list[str]:
    """Ids of what ingest has told of its vCenters' logs."""
    headers = [dict(record.headers()) for record in everything(bootstrap, topics.events(prefix))]
    return [each["ce_id"].decode() for each in headers if each["ce_type"].startswith(b"com.reflexarc.ingest.")]


def passed_over(config: VcenterConfig, found: Sequence[int]) -> set[str]:
    """Classes of the events that the vCenter holds between the first and the last key found, and that are missing."""
    with Session(config) as session:
        held = session.content.eventManager.QueryEvents(vim.event.EventFilterSpec(maxCount=1000))
        classes = {event.key: type(event).__name__.rpartition(".")[2] for event in held}
    return {classes.get(key, "dropped") for key in range(found[0], found[-1]) if key not in {*found}}


def wait_for(true: Any, seconds: float = 30.0, explain: Any = lambda: "") -> None:
    """Return as soon as ``true()``; fail after ``seconds``."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s; {explain()}"
        time.sleep(0.05)


def _ids(bootstrap: str, prefix: str) -> Iterator[list[str]]:
    for record in everything(bootstrap, topics.events(prefix)):
        headers = dict(record.headers())
        if headers["ce_type"].startswith(b"com.vmware.vsphere."):
            yield headers["ce_id"].decode().split("/")


def _section(folder: Path, config: VcenterConfig) -> dict[str, Any]:
    if config.recording:
        return {"url": config.url}
    secret = folder / f"{config.name}.password"
    username, password = config.account
    secret.write_text(password.reveal())
    ca_file = {"ca_file": str(config.ca_file)} if config.ca_file else {"insecure": True}
    return {"url": config.url, "username": username, "password_file": str(secret), "poll": "50ms", **ca_file}


def _no_sinks(kind: str) -> Any:
    raise AssertionError(kind)
