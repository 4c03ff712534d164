from __future__ import annotations

import pytest

from ops.events.condition import LONGEST, condition
from schemas.errors import ReflexarcError
from streams.filters.view import View

VIEW = View(
    {"ce_specversion": b"1.0", "ce_subject": b"VmPoweredOnEvent", "content-type": b"application/json"},
    b'{"Vm": {"Name": "web=1"}, "Key": 5}',
)


@pytest.mark.parametrize(
    ("spelled", "holds"),
    [
        ("", True),
        ("subject: Vm*", True),
        ('{"subject": "Vm*"}', True),
        ("subject=Vm*", True),
        ("subject=Host*", False),
        ("data.Vm.Name=web=1", True),
        ("data.Key=5", True),
        ("data.Key='5'", False),
        ("data.Vm.Name={prefix: web}", True),
        ("{data: {Vm.Name: {prefix: db}}}", False),
    ],
)
def test_a_condition_is_a_mapping_or_one_key_and_its_value(spelled: str, *, holds: bool) -> None:
    assert holds is condition(spelled).matches(VIEW)


@pytest.mark.parametrize(
    ("spelled", "complaint", "cure"),
    [
        ("subjct=x", "match.subjct is not a known key", "did you mean subject?"),
        ("subjct: x", "match.subjct is not a known key", "did you mean subject?"),
        ("data.Key=[", "data.Key ", ""),
        ("data.a..b=1", "match.data", ""),
        ("x" * (LONGEST + 1), f"has more than {LONGEST} characters", "put it into a route, and name its file"),
    ],
)
def test_what_is_no_condition_is_named_with_its_cure(spelled: str, complaint: str, cure: str) -> None:
    with pytest.raises(ReflexarcError) as caught:
        condition(spelled)
    assert caught.value.message.startswith(complaint)
    assert cure in (caught.value.cure or "")
