from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.config import RouteConfig, ThrottleConfig


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"once_within": "5m"}, "once within 5m, by partitionkey"),
        ({"once_after": "1h", "by": "vcenter"}, "once after 1h, by vcenter"),
        (
            {"accumulate": {"count": 5, "within": "1m"}, "by": ["vcenter", "data.Vm.Name"]},
            "every 5 within 1m, by vcenter, data.Vm.Name",
        ),
    ],
)
def test_a_throttle_says_in_words_what_it_does(given: dict[str, Any], expected: str) -> None:
    assert expected == str(ThrottleConfig.model_validate(given))


@pytest.mark.parametrize(
    ("given", "place", "what", "cure"),
    [
        ({}, (), "does not say how events pass", "write one of once_within"),
        ({"once_within": "1m", "once_after": "1m"}, (), "has once_within and once_after", "write one of once_within"),
        ({"once_within": "2h"}, ("once_within",), "is longer than an hour", "write 1h or less"),
        ({"once_after": "100ms"}, ("once_after",), "is shorter than a second", "write 1s or more"),
        ({"accumulate": {"count": 2, "within": "1d"}}, ("accumulate", "within"), "longer than an hour", "1h or less"),
        ({"accumulate": {"count": 1, "within": "1m"}}, ("accumulate", "count"), "greater than or equal to 2", ""),
        ({"once_within": "1m", "by": []}, ("by",), "names nothing", "name one"),
        ({"once_within": "1m", "by": ["Vm.Name"]}, ("by",), "Vm.Name is neither an attribute nor a path", "data.Vm"),
        ({"once_within": "1m", "by": ["data"]}, ("by",), "data is neither an attribute nor a path", "data.Vm"),
        ({"once_within": "1m", "by": list("abcdefghi")}, ("by",), "names 9 values", "name at most 8"),
    ],
)
def test_a_wrong_throttle_is_told_where_what_and_how_to_mend_it(
    given: dict[str, Any], place: tuple[str, ...], what: str, cure: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        RouteConfig.model_validate({"name": "storm", "to": "a", "throttle": given})
    (error,) = caught.value.errors()
    assert ("throttle", *place) == error["loc"]
    assert what in error["msg"]
    assert cure in error["msg"]
