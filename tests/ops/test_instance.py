from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from ops.instance import instance

if TYPE_CHECKING:
    import pytest

HOLD = """
import sys
from ops.instance import instance
with instance("g") as name:
    print(name, flush=True)
    sys.stdin.read()
"""


def test_processes_of_one_host_get_different_names_and_a_killed_one_frees_its_own() -> None:
    host = socket.gethostname()
    with (
        instance("g") as first,
        subprocess.Popen(
            [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other,
    ):
        assert other.stdout is not None
        assert (f"{host}-0", f"{host}-1\n") == (first, other.stdout.readline())
        other.kill()
        other.wait()
        with instance("g") as again:
            assert f"{host}-1" == again


def test_groups_do_not_share_names() -> None:
    with instance("g") as one, instance("h") as other:
        assert one == other


def test_a_host_name_becomes_what_kafka_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "wörk er/1")
    with instance("g") as name:
        assert "w-rk-er-1-0" == name


def test_without_abstract_sockets_there_is_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    with instance("g") as name:
        assert name is None
