"""Who waits for a vCenter that is away."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from schemas.errors import Unreachable
from sinks.vsphere.sessions import Sessions
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def hanging_up() -> Iterator[tuple[str, list[int]]]:
    """Somebody who hangs up at once; its address, and the callers."""
    callers: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    caller, (_, port) = server.accept()
                except OSError:
                    return
                callers.append(port)
                caller.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.getsockname()[1]}/sdk", callers
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.mark.parametrize(("rest", "asked"), [(3600.0, False), (0.0, True)])
def test_a_vcenter_that_was_away_a_moment_ago_is_not_waited_for(rest: float, *, asked: bool) -> None:
    with hanging_up() as (url, callers):
        sessions = Sessions([vcenter("vc1", url=url)], timeout=5.0, rest=rest)
        with pytest.raises(Unreachable, match="vCenter vc1 cannot be reached"):
            sessions.get("vc1")
        before = len(callers)
        with pytest.raises(Unreachable, match="vCenter vc1 cannot be reached"):
            sessions.get("vc1")
    assert (True, asked) == (before > 0, len(callers) > before)
