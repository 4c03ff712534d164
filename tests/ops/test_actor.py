from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from ops.actor import myself, person

if TYPE_CHECKING:
    import pytest


def test_whoever_runs_this_has_a_name() -> None:
    """A user at a host."""
    user, _, host = myself().partition("@")
    assert user
    assert host


def test_a_user_without_a_name_has_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)

    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    assert f"uid {os.getuid()}" == myself().partition("@")[0]
    assert f"cli/uid {os.getuid()}" == person()


def test_a_person_is_who_the_operating_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not who the environment says: somebody else has to approve what one has asked for."""
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert f"cli/{pwd.getpwuid(os.getuid()).pw_name}" == person()
