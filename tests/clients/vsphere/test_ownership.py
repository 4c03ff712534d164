from __future__ import annotations

import pytest
from pyVmomi import vim

from clients.vsphere import ownership


@pytest.mark.parametrize(("value", "expected"), [("Anna", "Anna"), ("", None), (7, "7")])
def test_what_is_written_is_read_as_text_and_nothing_as_none(value: object, expected: str | None) -> None:
    option = vim.option.OptionValue(key=ownership.OWNER, value=value)
    assert expected == ownership.text({ownership.path(ownership.OWNER): option}, ownership.OWNER)


def test_what_is_not_there_is_none() -> None:
    assert ownership.text({}, ownership.LEASE) is None
