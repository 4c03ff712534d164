from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from ops.dev import ports
from ops.dev.kafka import Kafka
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.service import Place


def settings(folder: Path) -> dict[str, str]:
    lines = (folder / "server.properties").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@pytest.mark.parametrize(("brokers", "replication", "min_insync"), [(1, "1", "1"), (3, "3", "2")])
def test_one_node_of_a_cluster_may_be_away(place: Place, brokers: int, replication: str, min_insync: str) -> None:
    service = Kafka(place, brokers=brokers)
    service.assign(service.processes)

    found = settings(place.folder if brokers == 1 else place.folder / "broker-1")
    copies = {name: value for name, value in found.items() if name.endswith("replication.factor")}
    enough = {name: value for name, value in found.items() if name.endswith(("min.isr", "min.insync.replicas"))}
    assert (4, {replication}) == (len(copies), set(copies.values()))
    assert (3, {min_insync}) == (len(enough), set(enough.values()))


def test_every_node_knows_where_to_find_all_controllers(place: Place) -> None:
    service = Kafka(place, brokers=3)
    service.assign(service.processes)

    voters = {settings(place.folder / name)["controller.quorum.voters"] for name in service.processes}
    numbers = [ports.remembered(place.ports_file, f"controller-{number}") for number in (1, 2, 3)]
    assert {",".join(f"{number}@127.0.0.1:{port}" for number, port in enumerate(numbers, start=1))} == voters


def test_the_endpoint_of_a_cluster_names_every_node(place: Place) -> None:
    service = Kafka(place, brokers=3)
    assert service.endpoint() is None
    service.assign(service.processes)

    numbers = [ports.remembered(place.ports_file, f"client-{number}") for number in (1, 2, 3)]
    assert ",".join(f"127.0.0.1:{port}" for port in numbers) == service.endpoint()


@pytest.mark.parametrize(("brokers", "expected"), [(1, {}), (3, {"replication": "3"})])
def test_clients_of_a_cluster_are_told_how_many_copies_it_keeps(
    place: Place, brokers: int, expected: dict[str, str]
) -> None:
    assert expected == Kafka(place, brokers=brokers).details()


def test_a_node_whose_port_was_taken_cannot_join_those_that_run(place: Place) -> None:
    service = Kafka(place, brokers=3)
    service.assign(service.processes)
    taken = ports.remembered(place.ports_file, "controller-2") or 0

    with (
        socket.create_server((ports.LOOPBACK, taken)),
        pytest.raises(ReflexarcError, match=r"taken the port of broker-2 .*dev down"),
    ):
        service.assign(["broker-2"])

    assert taken == ports.remembered(place.ports_file, "controller-2")


def test_a_cluster_whose_port_was_taken_takes_another_when_it_starts_as_a_whole(place: Place) -> None:
    service = Kafka(place, brokers=3)
    service.assign(service.processes)
    taken = ports.remembered(place.ports_file, "controller-2") or 0

    with socket.create_server((ports.LOOPBACK, taken)):
        service.assign(service.processes)

    voters = {settings(place.folder / name)["controller.quorum.voters"] for name in service.processes}
    assert 1 == len(voters)
    assert f"2@127.0.0.1:{taken}" not in voters.pop().split(",")


def test_nodes_without_processes_do_not_answer(place: Place) -> None:
    service = Kafka(place, brokers=3)
    service.assign(service.processes)

    assert (False, "0 of 3 brokers answer") == (service.answers(), service.lacking())
