from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.vsphere.session import Session
from tests.support.govc import Govc
from tests.support.machine import machine_of_its_own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


@pytest.fixture
def machine(session: Session) -> Iterator[Target]:
    with machine_of_its_own(session) as machine:
        yield machine


@pytest.fixture
def govc(vcenters: dict[str, VcenterConfig]) -> Govc:
    return Govc(vcenters["vc1"])
