from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.config import WindowConfig


@pytest.mark.parametrize("days", [[], ""])
def test_a_window_on_no_day_is_refused(days: Any) -> None:
    with pytest.raises(ValidationError, match="names no day"):
        WindowConfig.model_validate({"zone": "UTC", "days": days})


def test_days_are_a_list_or_a_range_that_may_pass_over_sunday() -> None:
    window = WindowConfig.model_validate({"zone": "UTC", "days": ["sat-mon", "wed"]})
    assert ("sat", "sun", "mon", "wed") == window.days
    assert 7 == len(WindowConfig.model_validate({"zone": "UTC"}).days)
