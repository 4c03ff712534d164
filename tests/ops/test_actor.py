from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from ops.actor import myself

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
