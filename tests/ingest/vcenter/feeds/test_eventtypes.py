from __future__ import annotations

import pytest

from ingest.vcenter.feeds import eventtypes
from schemas.errors import ConfigError
from tests.support.vcenter import vcenter


def test_a_class_stands_for_all_classes_derived_from_it() -> None:
    ids = eventtypes.expand(["VmPoweredOnEvent"])
    assert ("DrsVmPoweredOnEvent", "VmPoweredOnEvent", "VmRestartedOnAlternateHostEvent") == ids
    assert {"DrsVmPoweredOnEvent", "VmMigratedEvent", "VmEvent"} <= {*eventtypes.expand(["VmEvent"])}


def test_an_event_type_id_stands_for_itself() -> None:
    assert ("com.vmware.cis.tagging.attach",) == eventtypes.expand(["com.vmware.cis.tagging.attach"])


def test_what_goes_by_its_event_type_id_is_not_asked_for_by_its_class() -> None:
    assert "ExtendedEvent" not in eventtypes.expand(["GeneralEvent"])


def test_no_names_are_every_event() -> None:
    assert ((), "") == (eventtypes.expand([]), eventtypes.digest([]))


def test_the_digest_is_that_of_what_is_selected_however_it_is_written() -> None:
    both = ["VmPoweredOnEvent", "DrsVmPoweredOnEvent"]
    assert eventtypes.digest(both) == eventtypes.digest(both[:1]) != eventtypes.digest(both[1:])


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("VmPowerdOnEvent", "did you mean VmPoweredOnEvent?"),
        ("nonsense", "name a class such as VmEvent, or an EventTypeId with its dots"),
        ("Event", "remove event_types"),
        ("EventEx", "name the EventTypeIds"),
    ],
)
def test_a_name_that_selects_nothing_is_a_problem_with_a_cure(name: str, cure: str) -> None:
    config = vcenter("vc1", event_types=["VmEvent", "com.example.any", name])
    with pytest.raises(ConfigError) as error:
        eventtypes.check({"vc1": config})
    (problem,) = error.value.problems
    assert ("vcenters.vc1.event_types[2]", cure) == (problem.where, problem.cure)
