"""The PropertyCollector of a real simulator."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere.session import Session
from ingest.inventory import watch as module
from ingest.inventory.change import COMMON, PATHS
from ingest.inventory.watch import Watch, moref
from tests.support.inventory import datacenter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


def pages(session: Session) -> list[dict[str, dict[str, Any] | None]]:
    found = []
    with closing(Watch(session)) as watch:
        while True:
            update = watch.read(2)
            assert update
            found.append({change.moref: change.values for change in update.changes})
            if update.complete:
                return found


def test_everything_comes_page_by_page_and_nothing_is_told_twice(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    (whole,) = pages(session)
    monkeypatch.setattr(module, "PAGE", 7)
    parts = pages(session)
    assert len(parts) > 3
    assert max(map(len, parts)) <= 7
    assert len(whole) == sum(map(len, parts))
    assert whole.keys() == {each for part in parts for each in part}


def test_values_are_plain(session: Session) -> None:
    (whole,) = pages(session)
    vm = datacenter(session).vmFolder.childEntity[0]
    values = whole[moref(vm)]
    assert values
    assert (vm.name, moref(vm.parent), moref(vm.resourcePool)) == (
        values["name"],
        values["parent"],
        values["resourcePool"],
    )
    assert {str, tuple, type(None)} >= {type(value) for values in whole.values() for value in (values or {}).values()}


def test_nothing_new_is_nothing(session: Session) -> None:
    with closing(Watch(session)) as watch:
        assert watch.read(2)
        assert None is watch.read(1)


def test_no_class_that_is_read_is_derived_from_another_one() -> None:
    kinds = [getattr(vim, kind) for kind in PATHS]
    assert [] == [(a, b) for a in kinds for b in kinds if a is not b and issubclass(a, b)]
    assert all(set(COMMON) <= set(paths) for paths in PATHS.values())
