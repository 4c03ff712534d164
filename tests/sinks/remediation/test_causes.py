from __future__ import annotations

from typing import Any

import orjson
import pytest

from schemas.cloudevents import CloudEvent
from schemas.config import VcenterConfig
from sinks.remediation.causes import LARGEST, cause
from tests.support.vcenter import vcenter

VCENTERS = {"vc1": vcenter("vc1", username="reader@vsphere.local")}


def event(
    data: Any = None, *, subject: str = "VmPoweredOnEvent", time: str | None = None, **extensions: Any
) -> CloudEvent:
    content = data if isinstance(data, bytes) else orjson.dumps(data)
    return CloudEvent(
        id="7", source="https://vc1/sdk", type="t", subject=subject, time=time, data=content, extensions=extensions
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-29T08:00:00Z", 1795939200.0),
        ("2026-11-29t09:00:00.5+01:00", 1795939200.5),
        ("2026-12-31T23:59:60.1234567Z", 1798761599.123456),
        (None, None),
    ],
)
def test_time_is_taken_where_it_is_one(text: str | None, expected: float | None) -> None:
    assert expected == cause(event(time=text), VCENTERS).time


@pytest.mark.parametrize(
    ("subject", "data", "expected"),
    [
        ("AlarmStatusChangedEvent", {"From": "green", "To": "red"}, ("green", "red")),
        ("AlarmStatusChangedEvent", {"From": "green"}, None),
        ("AlarmStatusChangedEvent", {"From": 1, "To": "red"}, None),
        ("AlarmStatusChangedEvent", ["red"], None),
        ("VmPoweredOnEvent", {"From": "green", "To": "red"}, None),
    ],
)
def test_an_edge_is_that_of_an_alarm(subject: str, data: Any, expected: tuple[str, str] | None) -> None:
    assert expected == cause(event(data, subject=subject), VCENTERS).edge


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        ("VSPHERE.LOCAL\\Reader", True),
        ("reader@vsphere.local", True),
        ("VSPHERE\\reader", True),
        ("Reader", True),
        ("anna", False),
        ("", False),
    ],
)
def test_what_our_account_did_is_our_own(username: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert expected is cause(event({"UserName": username}, vcenter="vc1"), VCENTERS).own


def test_what_the_account_that_acts_did_is_our_own() -> None:
    config = VcenterConfig.model_validate(
        VCENTERS["vc1"].model_dump(exclude={"password", "actor"}, exclude_unset=True)
        | {"password_file": __file__, "actor": {"username": "actor@vsphere.local", "password_file": __file__}}
    )
    both = [
        cause(event({"UserName": name}, vcenter="vc1"), {"vc1": config}).own for name in ("actor@vsphere.local", "x")
    ]
    assert [True, False] == both


def test_an_event_from_elsewhere_is_never_our_own() -> None:
    found = cause(event({"UserName": "reader@vsphere.local"}), VCENTERS)
    assert (False, None) == (found.own, found.vcenter)


@pytest.mark.parametrize(("value", "expected"), [("3", 3), (2, 2), ("-1", 0), ("many", 0), (None, 0)])
def test_hops_are_counted_as_far_as_they_are_a_number(value: Any, expected: int) -> None:
    extensions = {} if value is None else {"reflexarchops": value}
    assert expected == cause(event(**extensions), VCENTERS).hops


def test_a_replayed_event_says_so() -> None:
    assert [False, True] == [cause(each, VCENTERS).replayed for each in (event(), event(reflexarcreplay="r-1"))]


@pytest.mark.parametrize("data", [b"{", b'"' + b"x" * LARGEST + b'"'], ids=["no JSON", "too large"])
def test_data_that_cannot_be_looked_at_are_left_out(data: bytes) -> None:
    assert cause(event(data), VCENTERS).data is None
