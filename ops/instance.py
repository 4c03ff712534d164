"""The name of a process among its like, the same after a restart: what static membership in a group rests on."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOTS = 1_000
LONGEST_HOST = 200


@contextmanager
def instance(group: str) -> Iterator[str | None]:
    """``<host>-<number>`` with the lowest number that no running process of this host holds for the group.

    The kernel frees a number when its process ends, however it ends; containers have numbers of their own. None where
    the kernel has no abstract sockets: then every restart moves partitions, and nothing else is different.
    """
    host = re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname())[:LONGEST_HOST]
    for number in range(SLOTS):
        try:
            lock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        except AttributeError:
            break
        with lock:
            try:
                lock.bind(f"\0reflexarc/{group}/{number}"[:107])
            except OSError:
                continue
            yield f"{host}-{number}"
            return
    yield None
