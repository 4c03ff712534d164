"""Writes batches, each to the disk before it counts."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, ValidationInfo

from schemas.cloudevents import json
from schemas.config import Duration, Fault, Scope, Size
from schemas.errors import Unavailable
from sinks.base import SinkConfig
from sinks.completion import completed
from sinks.eventtype import TypeFormatKey, rename
from sinks.file.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.errors import DeliveryError
    from sinks.base import Accepted, SinkContext


def _path(value: Any, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path) or not str(value) or str(value).endswith("/"):
        raise Fault("is not the path of a file", "write the path of a file")
    path = Scope.of(info.context).path(str(value))
    if path.is_dir():
        raise Fault("is a folder", "write the path of a file in it")
    return path


class FileConfig(SinkConfig):
    """Which file, and when another one begins."""

    type: Literal["file"] = Field("file", description="Which connector.")
    path: Annotated[Path, BeforeValidator(_path)] = Field(
        description="The file, in a folder that exists; relative paths start at the folder of this configuration."
    )
    fsync: Literal["batch", "never"] = Field(
        "batch", description="batch: events count once the disk has them; never: once the system has them."
    )
    batch: int = Field(500, ge=1, le=10_000, strict=True, description="Events written in one go, at most.")
    rotate_size: Size | None = Field(
        None, gt=0, description="Put the file aside once it is that large; default: never."
    )
    rotate_every: Duration | None = Field(
        None, ge=1, description="Put it aside when such a period has passed, 1d: each day in UTC; default: never."
    )
    keep: int | None = Field(
        None, ge=1, le=100_000, strict=True, description="Files put aside that are left, the oldest go; default: all."
    )
    type_format: TypeFormatKey = "vsphere"


class FileSink:
    """One thread writes; what comes meanwhile goes in the next batch.

    Attributes:
        batch: how many events the engine may hand over at once.
    """

    Config = FileConfig
    side_effects: ClassVar[bool] = False

    def __init__(self, config: FileConfig, _: SinkContext) -> None:
        self._config = config
        self.batch = config.batch
        self._thread = ThreadPoolExecutor(1, f"file-{config.name}")
        self._journal = Journal(
            config.path,
            sync=config.fsync == "batch",
            rotate_size=config.rotate_size,
            rotate_every=config.rotate_every,
            keep=config.keep,
        )

    async def open(self) -> None:
        """See that the file can be written, and end a line that was torn."""
        await self._append(())

    async def send(self, event: CloudEvent) -> None:
        """Write one event."""
        await self._append((event,))

    async def send_batch(self, events: Sequence[CloudEvent]) -> Sequence[Accepted | DeliveryError | None]:
        """Write all of ``events``, or none."""
        await self._append(events)
        return [None] * len(events)

    async def close(self) -> None:
        """Finish what has begun, and close the file. May be called again."""
        await asyncio.to_thread(self._thread.shutdown)
        self._journal.close()

    async def _append(self, events: Sequence[CloudEvent]) -> None:
        lines = [json.dumps(rename(event, self._config.type_format)) for event in events]
        job = self._thread.submit(self._journal.append, lines)
        try:
            await completed(asyncio.wrap_future(job), recall=job.cancel)
        except OSError as error:
            raise Unavailable(f"cannot write {self._config.path}: {(error.strerror or str(error)).lower()}") from None
