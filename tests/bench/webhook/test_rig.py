from __future__ import annotations

import socket
from contextlib import ExitStack

from bench.webhook.rig import listeners


def test_every_socket_that_listens_on_a_port_is_counted() -> None:
    """Those that share it each; one that is bound only does not listen yet."""
    port = 0
    with ExitStack() as closing:
        for number in (1, 2):
            server = closing.enter_context(socket.socket())
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            server.bind(("127.0.0.1", port))
            port = server.getsockname()[1]
            assert number - 1 == listeners(port)
            server.listen()
            assert number == listeners(port)
