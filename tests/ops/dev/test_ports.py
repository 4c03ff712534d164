from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from ops.dev import ports
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server((ports.LOOPBACK, 0)) as listening:
        yield listening


def number(server: socket.socket) -> int:
    return int(server.getsockname()[1])


def test_a_port_with_a_server_is_not_free(server: socket.socket) -> None:
    assert not ports.is_free(number(server))


def test_a_port_with_a_server_listens(server: socket.socket) -> None:
    assert ports.listens(number(server))


def test_a_port_without_a_server_does_not_listen() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as gone:
        port = number(gone)

    assert not ports.listens(port)


def test_every_name_gets_a_port_of_its_own(tmp_path: Path) -> None:
    reserved = ports.reserve(tmp_path / "ports", "one", "two", "three")

    assert 3 == len(set(reserved.values()))
    assert all(ports.is_free(port) for port in reserved.values())


def test_a_port_stays_below_those_of_outgoing_connections(tmp_path: Path) -> None:
    assert ports.reserve(tmp_path / "ports", "one")["one"] < 32_768


def test_a_free_port_is_kept(tmp_path: Path) -> None:
    first = ports.reserve(tmp_path / "ports", "one", "two")

    assert first == ports.reserve(tmp_path / "ports", "one", "two")


def test_a_port_that_somebody_took_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    before = ports.reserve(tmp_path / "ports", "one", "two")

    with socket.create_server((ports.LOOPBACK, before["one"])):
        after = ports.reserve(tmp_path / "ports", "one", "two")

    assert before["one"] != after["one"]
    assert before["two"] == after["two"]


def test_names_reserved_earlier_are_not_forgotten(tmp_path: Path) -> None:
    first = ports.reserve(tmp_path / "ports", "one")
    ports.reserve(tmp_path / "ports", "two")

    assert first["one"] == ports.remembered(tmp_path / "ports", "one")


def test_an_unknown_name_has_no_port(tmp_path: Path) -> None:
    assert ports.remembered(tmp_path / "ports", "one") is None


def test_no_free_port_is_an_error_with_a_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda _: False)

    with pytest.raises(ReflexarcError, match=r"no free port .*stop servers"):
        ports.reserve(tmp_path / "ports", "one")
