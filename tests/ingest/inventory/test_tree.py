from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.inventory.change import Change
from ingest.inventory.tree import Tree
from schemas.inventory import EntityRecord, InvalidInventory

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)

OBJECTS = {
    "dc": Change("dc", "Datacenter", {"name": "DC0", "parent": "root"}),
    "vms": Change("vms", "Folder", {"name": "vm", "parent": "dc"}),
    "web": Change("web", "Folder", {"name": "web", "parent": "vms"}),
    "db": Change("db", "Folder", {"name": "db", "parent": "vms"}),
    "hosts": Change("hosts", "Folder", {"name": "host", "parent": "dc"}),
    "cluster": Change("cluster", "ClusterComputeResource", {"name": "C0", "parent": "hosts"}),
    "host": Change("host", "HostSystem", {"name": "esx1", "parent": "cluster"}),
    "alone": Change("alone", "ComputeResource", {"name": "esx2", "parent": "hosts"}),
    "host2": Change("host2", "HostSystem", {"name": "esx2", "parent": "alone"}),
    "pool": Change("pool", "ResourcePool", {"name": "Resources", "parent": "cluster"}),
    "gold": Change("gold", "ResourcePool", {"name": "gold", "parent": "pool"}),
    "vm-1": Change(
        "vm-1",
        "VirtualMachine",
        {
            "name": "web-01",
            "parent": "web",
            "resourcePool": "gold",
            "runtime.host": "host",
            "guest.hostName": "web-01.example",
            "customValue": ((101, "ops"), (102, "")),
        },
    ),
}


def tree(**others: Change) -> Tree:
    grown = Tree("root")
    grown.name_fields({101: "owner", 102: "cost"})
    grown.apply((OBJECTS | others).values())
    return grown


def record(of: Tree, moref: str = "vm-1") -> EntityRecord:
    found = of.record(moref, NOON)
    assert found
    return found


def changed(moref: str, **values: Any) -> Change:
    kind = OBJECTS[moref].kind
    return Change(moref, kind, {name.replace("__", "."): value for name, value in values.items()})


def test_a_machine_is_told_with_all_that_holds_it() -> None:
    expected = EntityRecord(
        kind="VirtualMachine",
        name="web-01",
        folder="/DC0/vm/web",
        cluster="C0",
        resource_pool="gold",
        tags=(),
        attributes=(("owner", "ops"),),
        host_name="web-01.example",
        read=NOON,
    )
    assert expected == record(tree())


@pytest.mark.parametrize(
    ("moref", "folder", "cluster", "pool"),
    [
        ("dc", "", None, None),
        ("web", "/DC0/vm", None, None),
        ("cluster", "/DC0/host", "C0", None),
        ("host", "/DC0/host/C0", "C0", None),
        ("host2", "/DC0/host/esx2", None, None),
        ("gold", "/DC0/host/C0/Resources", "C0", "gold"),
    ],
)
def test_every_entity_has_its_place(moref: str, folder: str, cluster: str | None, pool: str | None) -> None:
    found = record(tree(), moref)
    assert (folder, cluster, pool) == (found.folder, found.cluster, found.resource_pool)


def test_a_renamed_folder_touches_all_that_it_holds() -> None:
    grown = tree()
    grown.touched()
    grown.apply([changed("vms", name="machines")])
    assert {"vms", "web", "db", "vm-1"} == grown.touched()
    assert "/DC0/machines/web" == record(grown).folder


def test_a_moved_machine_touches_nothing_else() -> None:
    grown = tree()
    grown.touched()
    grown.apply([changed("vm-1", parent="db")])
    assert {"vm-1"} == grown.touched()
    assert "/DC0/vm/db" == record(grown).folder


def test_a_host_that_moves_to_another_cluster_takes_its_machines_with_it() -> None:
    grown = tree(other=Change("other", "ClusterComputeResource", {"name": "C1", "parent": "hosts"}))
    grown.touched()
    grown.apply([changed("host", parent="other")])
    assert {"host", "vm-1"} == grown.touched()
    assert "C1" == record(grown).cluster


def test_a_template_without_a_pool_has_the_cluster_of_its_host() -> None:
    grown = tree()
    grown.apply([changed("vm-1", resourcePool=None)])
    assert ("C0", None) == (record(grown).cluster, record(grown).resource_pool)


def test_a_machine_whose_host_cannot_be_seen_has_the_cluster_of_its_pool() -> None:
    grown = tree()
    grown.apply([changed("vm-1", runtime__host="hidden")])
    assert "C0" == record(grown).cluster


def test_a_machine_of_a_vapp_lies_where_the_vapp_draws_its_resources() -> None:
    grown = tree(app=Change("app", "VirtualApp", {"name": "shop", "parent": "pool"}))
    grown.apply([changed("vm-1", parent=None, parentVApp="app", resourcePool="app")])
    assert "/DC0/host/C0/Resources/shop" == record(grown).folder
    assert "shop" == record(grown).resource_pool


def test_a_path_of_which_a_part_cannot_be_seen_is_no_path() -> None:
    grown = tree()
    grown.apply([Change("vms", "Folder", None)])
    assert {"vms", "web", "db", "vm-1"} <= grown.touched()
    assert None is record(grown).folder
    assert None is grown.record("vms", NOON)


def test_a_circle_ends() -> None:
    grown = tree()
    grown.apply([changed("vms", parent="web")])
    assert 64 == str(record(grown).folder).count("/")


def test_names_are_shown_as_people_write_them_and_paths_keep_their_slashes() -> None:
    grown = tree()
    grown.apply([changed("web", name="a%2fb"), changed("vm-1", name="c%2fd")])
    assert ("/DC0/vm/a%2fb", "c/d") == (record(grown).folder, record(grown).name)


def test_attributes_whose_name_is_not_known_are_asked_for() -> None:
    grown = tree()
    assert not grown.unnamed_fields()
    grown.apply([changed("vm-1", customValue=((101, "dev"), (103, "x")))])
    assert grown.unnamed_fields()
    assert (("owner", "dev"),) == record(grown).attributes
    grown.touched()
    grown.name_fields({101: "owner", 102: "cost", 103: "zone"})
    assert {"vm-1"} == grown.touched()
    assert (("owner", "dev"), ("zone", "x")) == record(grown).attributes


def test_a_renamed_attribute_touches_those_that_have_it() -> None:
    grown = tree()
    grown.touched()
    grown.name_fields({101: "team", 102: "cost"})
    assert {"vm-1"} == grown.touched()
    assert (("team", "ops"),) == record(grown).attributes


def test_tags_touch_those_that_gain_or_lose_one() -> None:
    grown = tree()
    grown.tag({"vm-1": (("env", "prod"),), "host": (("env", "prod"),)})
    grown.touched()
    grown.tag({"vm-1": (("env", "dev"),), "web": (("env", "dev"),)})
    assert {"vm-1", "host", "web"} <= grown.touched()
    assert (("env", "dev"),) == record(grown).tags
    assert () == record(grown, "host").tags


def test_what_does_not_fit_into_a_record_is_refused_with_the_reason() -> None:
    grown = tree()
    grown.apply([changed("vm-1", name="x" * 5000)])
    with pytest.raises(InvalidInventory, match="name: String should have at most 4096 characters"):
        grown.record("vm-1", NOON)


MOREFS = sorted(OBJECTS)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["a", "b"]),
        "parent": st.sampled_from([None, "root", *MOREFS]),
        "runtime.host": st.sampled_from([None, *MOREFS]),
        "resourcePool": st.sampled_from([None, *MOREFS]),
        "customValue": st.sampled_from([(), ((101, "x"),), ((102, "y"),)]),
    },
)
CHANGES = st.builds(
    lambda moref, values: Change(moref, OBJECTS[moref].kind, values), st.sampled_from(MOREFS), st.none() | VALUES
)


@given(st.lists(st.lists(CHANGES, max_size=4), max_size=8))
def test_records_written_when_touched_are_those_of_a_tree_read_anew(steps: list[list[Change]]) -> None:
    grown = tree()
    written: dict[str, EntityRecord | None] = {}
    state = {moref: dict(change.values or {}) for moref, change in OBJECTS.items()}
    for step in [[], *steps]:
        grown.apply(step)
        written |= {moref: grown.record(moref, NOON) for moref in grown.touched()}
        for moref, _, values in step:
            if values is None:
                state.pop(moref, None)
            else:
                state[moref] = state.get(moref, {}) | values
    anew = Tree("root")
    anew.name_fields({101: "owner", 102: "cost"})
    anew.apply([Change(moref, OBJECTS[moref].kind, values) for moref, values in state.items()])
    expected = {moref: anew.record(moref, NOON) for moref in state}
    assert expected == {moref: found for moref, found in written.items() if found}


def test_until_the_last_part_of_a_report_a_tree_is_partial() -> None:
    grown = Tree("root")
    seen = [grown.partial]
    for complete in (False, False, True):
        grown.apply([OBJECTS["dc"]], complete=complete)
        seen.append(grown.partial)
    assert [False, True, True, False] == seen
