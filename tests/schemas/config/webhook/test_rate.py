from __future__ import annotations

import pytest

from schemas.config import Fault
from schemas.config.webhook.rate import parse_rate


@pytest.mark.parametrize(("text", "rate"), [("100/s", 100), ("120/m", 2), ("3600/h", 1), (2.5, 2.5)])
def test_a_rate_is_times_per_second(text: object, rate: float) -> None:
    assert rate == parse_rate(text)


@pytest.mark.parametrize("text", ["100", "0/s", "-1/s", "1/d", "1.5/s", "", None, 100, True, "9999999999/s"])
def test_anything_else_is_no_rate(text: object) -> None:
    with pytest.raises(Fault, match="is not a rate"):
        parse_rate(text)
