from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.errors import Reject
from sinks import registry
from sinks.vsphere.config import VsphereConfig
from sinks.vsphere.permission import check_name


def config(**fields: Any) -> VsphereConfig:
    given = {"name": "isolate", "type": "vsphere", "action": "disconnect-vnic"}
    return VsphereConfig.model_validate(given | fields)


def test_it_is_what_the_registry_gives() -> None:
    assert VsphereConfig is registry.model("vsphere")


def test_nothing_may_be_touched_by_default() -> None:
    careful = config()
    assert (True, ()) == (careful.dry_run, careful.allow)
    with pytest.raises(Reject, match="allow list"):
        check_name("web-1", allow=careful.allow, protect=careful.protect)


def test_one_machine_at_a_time_is_acted_on_by_default() -> None:
    assert 1 == config().in_flight


@pytest.mark.parametrize(
    "fields", [{"in_flight": 9}, {"action": "explode"}, {"target": "a..b"}, {"target": ""}, {"allowed": ["*"]}]
)
def test_nonsense_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        config(**fields)


@pytest.mark.parametrize("name", ["web-1", "WEB-2", "db"])
def test_a_name_that_fits_may_be_touched(name: str) -> None:
    check_name(name, allow=["web-*", "db"], protect=["*-master"])


@pytest.mark.parametrize(("name", "reason"), [("web-master", "protected"), ("app-1", "allow list"), ("db2", "allow")])
def test_a_name_that_is_protected_or_does_not_fit_may_not(name: str, reason: str) -> None:
    with pytest.raises(Reject, match=reason):
        check_name(name, allow=["web-*", "db"], protect=["*-MASTER"])
