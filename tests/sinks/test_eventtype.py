from __future__ import annotations

import pytest

from sinks.eventtype import rename
from tests.sinks.bench import event


@pytest.mark.parametrize("eventclass", ["event", "eventex", "extendedevent"])
def test_a_vcenter_event_can_be_typed_by_its_class_and_nothing_else_changes(eventclass: str) -> None:
    given = event(extensions={"eventclass": eventclass})
    expected = event(extensions={"eventclass": eventclass}, type=f"com.vmware.event.router/{eventclass}")

    assert expected == rename(given, "event-router")
    assert given is rename(given, "vsphere")


def test_an_event_of_another_source_keeps_its_type() -> None:
    for other in (
        event(type="com.example.alert"),
        event(extensions={}),
        event(extensions={"eventclass": ""}),
        event(extensions={"eventclass": 1}),
    ):
        assert other is rename(other, "event-router")
