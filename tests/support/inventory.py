"""A running inventory ingest for tests, and what a test does to a simulator that it should notice."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, closing
from time import monotonic
from typing import TYPE_CHECKING, Any

import orjson
from pyVmomi import vim

from clients.vsphere import task as vsphere_task
from clients.vsphere.tagging import HEADER, Tagging
from ingest.inventory.service import Service
from schemas.config import IngestInventoryConfig
from streams.routing.inventory import Inventory
from tests.support.vcenter import installation, read

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from pathlib import Path

    from clients.vsphere.session import Session
    from schemas.config import Config, VcenterConfig

WITHIN = 40.0


def configured(folder: Path, kafka: str, prefix: str, vcenters: Mapping[str, VcenterConfig], **settings: Any) -> Config:
    """An installation whose tags are read twice a second."""
    config = read(installation(folder, kafka, prefix, vcenters))
    given = IngestInventoryConfig.model_validate({"tags_every": "500ms", **settings})
    return config.model_copy(update={"inventory": given})


@asynccontextmanager
async def following(config: Config) -> AsyncIterator[Inventory]:
    """The service, current, and the router's reader of what it writes."""
    service = Service(config)
    async with running(service, config) as inventory:
        await until(lambda: not service.problems())
        await until(inventory.ages)
        yield inventory


@asynccontextmanager
async def running(service: Service, config: Config) -> AsyncIterator[Inventory]:
    """A service that may never be current, and the reader."""
    stop = asyncio.Event()
    task = asyncio.create_task(service.run(stop))
    with closing(Inventory(config.kafka)) as inventory:
        inventory.start()
        try:
            yield inventory
        finally:
            stop.set()
            await task


async def until(true: Callable[[], Any], seconds: float = WITHIN) -> None:
    """Return as soon as ``true()``."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.05)


def done(session: Session, started: Any) -> Any:
    """The result of a task of vSphere."""
    return vsphere_task.wait(session, started, deadline=monotonic() + WITHIN)


def datacenter(session: Session) -> Any:
    """The only datacenter."""
    return session.content.rootFolder.childEntity[0]


def machine(session: Session, folder: Any, name: str) -> Any:
    """A new virtual machine."""
    pool = datacenter(session).hostFolder.childEntity[0].resourcePool
    datastore = datacenter(session).datastoreFolder.childEntity[0].name
    files = vim.vm.FileInfo(vmPathName=f"[{datastore}]")
    spec = vim.vm.ConfigSpec(name=name, memoryMB=32, numCPUs=1, guestId="otherGuest", files=files)
    done(session, folder.CreateVM_Task(spec, pool))
    (found,) = (each for each in folder.childEntity if each.name == name)
    return found


class TagDesk:
    """Makes tags and ties them to objects."""

    def __init__(self, config: VcenterConfig) -> None:
        self._tagging = Tagging(config)
        self._tagging.open()

    def make(self, category: str, tag: str) -> str:
        """A new tag in a new category; its id."""
        return self.make_all(category, (tag,))[tag]

    def make_all(self, category: str, tags: Sequence[str], *, cardinality: str = "MULTIPLE") -> dict[str, str]:
        """New tags in a new category; their ids by name."""
        spec = {"name": category, "description": "", "cardinality": cardinality, "associable_types": []}
        made = self._ask("POST", "category", {"create_spec": spec})
        specs = {tag: {"name": tag, "description": "", "category_id": made} for tag in tags}
        return {tag: str(self._ask("POST", "tag", {"create_spec": spec})) for tag, spec in specs.items()}

    def known(self, category: str) -> dict[str, str]:
        """Ids by name of the tags in a category; none when it is not there."""
        for made in self._ask("GET", "category", None) or ():
            if self._ask("GET", f"category/id:{made}", None)["name"] == category:
                tags = self._ask("POST", f"tag/id:{made}?~action=list-tags-for-category", {}) or ()
                return {self._ask("GET", f"tag/id:{tag}", None)["name"]: tag for tag in tags}
        return {}

    def rename(self, tag: str, name: str) -> None:
        """Call a tag otherwise."""
        self._ask("PATCH", f"tag/id:{tag}", {"update_spec": {"name": name}})

    def tie(self, action: str, tag: str, reference: Any) -> None:
        """``attach`` or ``detach``."""
        given = {"object_id": {"id": reference._moId, "type": "VirtualMachine"}}
        self._ask("POST", f"tag-association/id:{tag}?~action={action}", given)

    def close(self) -> None:
        """Log out."""
        self._tagging.close()

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        tagging = self._tagging
        headers = {HEADER: tagging._key or "", "Content-Type": "application/json"}
        status, answer = tagging._exchange(method, f"{tagging._dialect.tagging}/{path}", orjson.dumps(body), headers)
        assert status < 300, f"{path}: {status} {answer!r}"
        return (orjson.loads(answer) if answer.strip() else {}).get("value")
