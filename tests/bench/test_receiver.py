from __future__ import annotations

import http.client
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench.receiver import received
from ops.demo.child import Child

if TYPE_CHECKING:
    from pathlib import Path


def test_every_request_of_a_kept_connection_is_answered_and_counted(tmp_path: Path) -> None:
    out = tmp_path / "times"
    child = Child("receiver", ["bench.receiver", str(out)], tmp_path)
    try:
        address = urlsplit(child.first_line())
        with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)) as connection:
            for body in (b"", b"{}", b"x" * 300_000):
                connection.request("POST", "/", body)
                answer = connection.getresponse()
                assert (202, b"") == (answer.status, answer.read())
        assert 3 == received(out)
    finally:
        child.stop()
