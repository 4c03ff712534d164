from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyVmomi import VmomiSupport

from ingest.vcenter.decoding.casts import enum_cast, form_cast
from ingest.vcenter.decoding.scalars import FORMS, INTEGER

if TYPE_CHECKING:
    from ingest.vcenter.decoding.scalars import Form

TYPES = {
    "int": int,
    "bool": bool,
    "float": float,
    "double": VmomiSupport.double,
    "time": datetime,
    "binary": VmomiSupport.binary,
}
TEXTS = (
    st.integers().map(str)
    | st.floats().map(str)
    | st.datetimes().map(lambda moment: moment.isoformat() + "Z")
    | st.from_regex(
        r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,10})?(Z|[+-][0-2][0-9]:[0-6][0-9])"
    )
    | st.sampled_from(["true", "false", "1", "0", "-0", "00", " 1", "+1", "", "1_000", "\u0661", "true ", "nan", "inf"])
    | st.text(max_size=5)
)


def value(form: Form, text: str) -> bytes | None:
    try:
        return orjson.dumps(form.parse(text))
    except ValueError:
        return None


@pytest.mark.parametrize("zero_is_absent", [False, True])
@pytest.mark.parametrize("name", TYPES)
@given(text=TEXTS)
def test_a_cast_gives_what_the_walk_gives_or_nothing(name: str, text: str, *, zero_is_absent: bool) -> None:
    form = FORMS[TYPES[name]]
    found = form_cast(form, zero_is_absent=zero_is_absent)(orjson.dumps(text)[1:-1])
    assert found in (None, value(form, text))


@pytest.mark.parametrize("text", ["1", "-7", "2147483647", "-2147483648"])
def test_an_ordinary_number_is_cast(text: str) -> None:
    assert text.encode() == form_cast(INTEGER, zero_is_absent=True)(text.encode())


def test_a_zero_that_may_be_left_out_is_not_cast() -> None:
    for form in (INTEGER, FORMS[float]):
        assert form_cast(form, zero_is_absent=True)(b"0") is None
        assert form_cast(form, zero_is_absent=False)(b"0") == b"0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T09:37:25.137999Z", "2026-11-20T09:37:25.137999Z"),
        ("2026-11-30T09:37:25.100Z", "2026-11-30T09:37:25.1Z"),
        ("2026-11-20T09:37:25+00:00", "2026-11-20T09:37:25Z"),
        ("2024-02-29T09:37:25.5-11:30", "2024-02-29T09:37:25.5-11:30"),
    ],
)
def test_a_time_is_cast_to_what_go_writes(text: str, expected: str) -> None:
    assert orjson.dumps(expected) == form_cast(FORMS[datetime], zero_is_absent=False)(text.encode())


@pytest.mark.parametrize("text", ["2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "2026-11-20", "seven"])
def test_a_time_that_is_none_is_not_cast(text: str) -> None:
    assert form_cast(FORMS[datetime], zero_is_absent=False)(text.encode()) is None


def test_an_enumeration_knows_its_values_only() -> None:
    cast = enum_cast(["poweredOn", "poweredOff"])
    assert (b'"poweredOn"', None) == (cast(b"poweredOn"), cast(b"melting"))
