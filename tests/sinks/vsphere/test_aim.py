from __future__ import annotations

from typing import Any

import orjson
import pytest

from schemas.errors import Reject
from sinks.vsphere.aim import ByName, ByReference, aim
from tests.sinks.bench import event

ALERT = {"event": {"metadata": {"source": "test01"}}}
OF_A_VCENTER = {"Vm": {"Name": "web-1", "Vm": {"Type": "VirtualMachine", "Value": "vm-42"}}}


def aimed(data: Any, *, path: str = "event.metadata.source", vcenter: str | None = None) -> ByName | ByReference:
    extensions = {"vcenter": vcenter} if vcenter else {}
    given = event(data=data if isinstance(data, bytes) else orjson.dumps(data), extensions=extensions)
    return aim(given, path=path, vcenters=("vc1", "vc2"))


def test_an_alert_names_the_machine_in_its_data() -> None:
    assert ByName("test01") == aimed(ALERT)


def test_an_event_of_a_vcenter_is_about_its_own_machine() -> None:
    assert ByReference("vc2", "vm-42") == aimed(OF_A_VCENTER, vcenter="vc2")


def test_without_a_vcenter_a_reference_says_nothing() -> None:
    with pytest.raises(Reject, match=r"event\.metadata\.source"):
        aimed(OF_A_VCENTER)


def test_an_event_of_a_vcenter_without_a_machine_may_name_one() -> None:
    assert ByName("test01") == aimed(ALERT, vcenter="vc1")


def test_a_vcenter_that_is_not_ours_is_rejected() -> None:
    with pytest.raises(Reject, match="vc9"):
        aimed(OF_A_VCENTER, vcenter="vc9")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        [],
        "test01",
        {},
        {"event": "test01"},
        {"event": {"metadata": {}}},
        {"event": {"metadata": {"source": None}}},
        {"event": {"metadata": {"source": 7}}},
        {"event": {"metadata": {"source": " "}}},
        {"event": {"metadata": {"source": "x" * 300}}},
        {"event": {"metadata": {"source": ["test01"]}}},
    ],
)
def test_data_that_name_no_machine_are_rejected(data: Any) -> None:
    with pytest.raises(Reject):
        aimed(data)


@pytest.mark.parametrize("reference", ["", "vm 42", "<vm>", 42, {"Value": "vm-42"}, "v" * 100])
def test_a_reference_no_vcenter_wrote_is_rejected(reference: Any) -> None:
    with pytest.raises(Reject, match="managed object id"):
        aimed({"Vm": {"Vm": {"Value": reference}}}, vcenter="vc1")
