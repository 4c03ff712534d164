from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from ops.dev.kafka_node import brokers_of, nodes

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.service import Place


def test_a_single_node_lives_where_it_always_has(place: Place) -> None:
    (node,) = nodes(place, 1)

    assert ("broker", place.folder, "client", "controller") == (node.process, node.folder, node.client, node.controller)


def test_the_nodes_of_a_cluster_share_nothing(place: Place) -> None:
    every = nodes(place, 3)

    shared = {"ports_file"}
    for field in dataclasses.fields(every[0]):
        assert (1 if field.name in shared else 3) == len({getattr(node, field.name) for node in every}), field.name


def test_a_node_without_ports_has_no_endpoint(place: Place) -> None:
    assert [None] == [node.endpoint for node in nodes(place, 1)]


def test_a_formatted_node_knows_its_cluster(place: Place) -> None:
    first, second, _ = nodes(place, 3)
    first.data.mkdir(parents=True)
    first.meta.write_text("version=1\ncluster.id=abc==\nnode.id=1\n")

    assert ("abc==", None) == (first.cluster(), second.cluster())


@pytest.mark.parametrize(("data", "brokers"), [("data", 1), ("broker-2/data", 3), ("tmp", None)])
def test_data_tell_for_how_many_nodes_they_were_made(tmp_path: Path, data: str, brokers: int | None) -> None:
    (tmp_path / data).mkdir(parents=True)

    assert brokers == brokers_of(tmp_path)
