"""TCP ports on the loopback interface that stay the same when a component is started again."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOOPBACK = "127.0.0.1"

# Below the range from which Linux takes the ports of outgoing connections (ip_local_port_range, 32768 by default):
# a port from there could be taken while its component is down.
_RANGE = range(20_000, 32_000)
_ATTEMPTS = 200

SHARE = slice(None)
"""What of each range is ours, where processes draw at the same time."""

# Components start side by side: a port that one of them is about to use still looks free to the others.
_picking = threading.Lock()
_picked: deque[int] = deque(maxlen=500)

# Nobody who seeds the generator of the process, as tests do, makes two draw alike.
_draw = random.SystemRandom()


def is_free(port: int) -> bool:
    """Whether a server could listen on ``port`` now."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def listens(port: int, *, timeout: float = 1.0) -> bool:
    """Whether somebody accepts connections on ``port``."""
    try:
        socket.create_connection((LOOPBACK, port), timeout).close()
    except OSError:
        return False
    return True


def reserve(file: Path, *names: str) -> dict[str, int]:
    """One port per name: those remembered in ``file`` while they are free, new ones (remembered there) otherwise.

    Raises:
        ReflexarcError: no free port was found.
    """
    known = _read(file)
    for name in names:
        port = known.get(name)
        known[name] = port if port is not None and is_free(port) else pick(_RANGE)
    file.write_text(json.dumps(known))
    return {name: known[name] for name in names}


def remembered(file: Path, name: str) -> int | None:
    """The port last reserved under that name; None before the first time."""
    return _read(file).get(name)


def _read(file: Path) -> dict[str, int]:
    try:
        return dict(json.loads(file.read_bytes()))
    except FileNotFoundError:
        return {}


def pick(among: Sequence[int]) -> int:
    """A free port that has not been picked lately.

    Raises:
        ReflexarcError: no free port was found.
    """
    mine = among[SHARE]
    with _picking:
        for port in _draw.sample(mine, min(_ATTEMPTS, len(mine))):
            if port not in _picked and is_free(port):
                _picked.append(port)
                return port
    raise ReflexarcError(
        f"no free port between {mine[0]} and {mine[-1]} on {LOOPBACK}",
        cure="stop servers that are no longer needed",
    )
