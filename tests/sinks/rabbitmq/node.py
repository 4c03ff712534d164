"""The broker of the test stack, as its administrator sees it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ops.dev import ports

if TYPE_CHECKING:
    from ops.dev.component import Component

_PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmqctl")  # what Debian's rabbitmqctl wraps
_DEFAULT = "0.4"


class Node:
    """Runs ``rabbitmqctl`` for it."""

    def __init__(self, broker: Component) -> None:
        self._folder = Path(broker.details["password_file"]).parent

    async def raise_alarm(self) -> None:
        """Have it find that it uses too much memory: it takes no message any more."""
        await self._run("set_vm_memory_high_watermark", "0.00000001")

    async def end_alarm(self) -> None:
        """Have it find that all is well again."""
        await self._run("set_vm_memory_high_watermark", _DEFAULT)

    async def _run(self, *words: str) -> None:
        epmd = ports.remembered(self._folder / "ports.json", "epmd")
        environ = {
            **os.environ,
            "HOME": str(self._folder),
            "ERL_EPMD_ADDRESS": ports.LOOPBACK,
            "ERL_EPMD_PORT": str(epmd),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        }
        process = await asyncio.create_subprocess_exec(
            str(_PROGRAM), "--node", "reflexarc@localhost", *words, env=environ, stdout=asyncio.subprocess.DEVNULL
        )
        assert 0 == await process.wait()
