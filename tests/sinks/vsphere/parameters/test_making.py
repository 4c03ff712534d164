"""What may be said of a machine that is still to be made."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sinks.vsphere.parameters.create import CreateParameters

MARK = "0123456789abcdef"


def told(**fields: Any) -> CreateParameters:
    return CreateParameters.model_validate({"name": "web-1", "mark": MARK, **fields})


def test_what_is_not_said_is_as_the_smallest_machine_there_is() -> None:
    given = told()
    assert (1, 128 * 2**20, 128 * 2**20, "otherGuest") == (given.cpus, given.memory, given.disk, given.guest_id)
    assert ("", False) == (given.network, given.connected)


@pytest.mark.parametrize("name", ['O\'Neil "x"', "a b", "//*[1]".replace("/", ""), "größe", "a" * 80, "$(x);`y`"])
def test_a_name_is_plain_text(name: str) -> None:
    assert name == told(name=name).name


@pytest.mark.parametrize("name", ["", " a", "a ", "a/b", "a\\b", "a%2fb", "a\nb", "a\x00b", "a" * 81])
def test_a_name_that_vsphere_would_write_in_another_way_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        told(name=name)


@pytest.mark.parametrize("lease", ["", "2026-12-24T18:00:00Z", "2026-12-24T18:00:00.5+01:00"])
def test_a_lease_ends_at_an_instant_or_never(lease: str) -> None:
    assert lease == told(lease=lease).lease


@pytest.mark.parametrize("lease", ["tomorrow", "2026-12-24", "2026-12-24T18:00:00", "2026-13-24T18:00:00Z"])
def test_a_lease_without_an_instant_is_refused(lease: str) -> None:
    with pytest.raises(ValidationError, match="instant"):
        told(lease=lease)


@pytest.mark.parametrize("mark", ["", "0123", "0123456789ABCDEF", f"{MARK}\n", f"../{MARK}"])
def test_a_mark_is_the_id_of_an_action(mark: str) -> None:
    with pytest.raises(ValidationError, match="mark"):
        told(mark=mark)


@pytest.mark.parametrize(
    "fields",
    [{"cpus": 0}, {"cpus": -1}, {"memory": "0MiB"}, {"memory": "127MiB"}, {"disk": 0}, {"guest_id": "other guest"}],
    ids=str,
)
def test_a_size_that_no_machine_can_have_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(fields))):
        told(**fields)
