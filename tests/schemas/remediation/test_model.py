from __future__ import annotations

import pytest

from schemas.remediation.heard import heard
from schemas.remediation.model import InvalidRemediation

OUTCOME = b'{"v": 1, "kind": "outcome", "id": "0123456789abcdef", "scope": "vc1", "state": "failed", "at": %s}'


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_what_is_not_a_finite_number_is_no_instant(number: bytes) -> None:
    """Compared with such a number no limit would hold anything back."""
    with pytest.raises(InvalidRemediation):
        heard(OUTCOME % number)


def test_any_other_number_is() -> None:
    assert 1.5 == heard(OUTCOME % b"1.5").at
