from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.attempts import APART
from clients.vsphere.faults import InvalidLogin
from clients.vsphere.logins import Logins
from schemas.errors import Refused, Unreachable
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.config import VcenterConfig

ACCOUNT = "reader@vsphere.local"


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("stale-password\n")
    return path


class Clock:
    """A clock that stands."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def logins(clock: Clock) -> Logins:
    return Logins(clock)


def refuse(logins: Logins, config: VcenterConfig) -> None:
    with pytest.raises(InvalidLogin), logins.attempt(config):
        raise InvalidLogin("said no")


def test_the_password_is_read_anew_each_time(logins: Logins, password: Path) -> None:
    config = vcenter("vc1", password_file=password)
    with logins.attempt(config) as first:
        password.write_text("fresh-password\n")
    with logins.attempt(config) as second:
        assert ("stale-password", "fresh-password") == (first, second)


@pytest.mark.parametrize("other", ["READER@vsphere.local", "vsphere.local\\reader"])
def test_a_password_refused_twice_is_sent_to_no_vcenter_of_the_account(
    logins: Logins, password: Path, other: str
) -> None:
    for name in ("vc1", "vc2"):
        refuse(logins, vcenter(name, password_file=password, username=ACCOUNT))
    with (
        pytest.raises(Refused, match="vc3 is not asked: this password of its account was refused twice") as error,
        logins.attempt(vcenter("vc3", password_file=password, username=other)),
    ):
        pytest.fail("asked")
    assert "vcenters.vc3.password_file" in str(error.value)
    assert "stale-password" not in str(error.value)


def test_a_user_without_a_domain_is_each_servers_own(logins: Logins, password: Path) -> None:
    for name in ("vc1", "vc2"):
        refuse(logins, vcenter(name, password_file=password))
    with logins.attempt(vcenter("vc3", password_file=password)):
        pass


def test_a_file_that_is_written_again_wakes_the_account(logins: Logins, clock: Clock, password: Path) -> None:
    config = vcenter("vc1", password_file=password)
    refuse(logins, config)
    clock.now += APART
    refuse(logins, config)
    clock.now += 1e6
    with pytest.raises(Refused), logins.attempt(config):
        pytest.fail("asked")
    password.write_text("fresh-password\n")
    with logins.attempt(config):
        pass


def test_the_pause_after_a_refusal_is_said_as_one(logins: Logins, password: Path) -> None:
    config = vcenter("vc1", password_file=password)
    refuse(logins, config)
    with pytest.raises(Refused, match="is not asked yet"), logins.attempt(config):
        pytest.fail("asked")


@pytest.mark.parametrize("answer", [Unreachable("away"), Refused("NoPermission")])
def test_only_a_bad_password_counts(logins: Logins, password: Path, answer: Exception) -> None:
    config = vcenter("vc1", password_file=password)
    for _ in range(9):
        with pytest.raises(type(answer)), logins.attempt(config):
            raise answer


def test_a_log_in_waits_for_the_one_before_it(password: Path) -> None:
    inside, looked, go = threading.Event(), threading.Event(), threading.Event()
    order = []

    def clock() -> float:
        if inside.is_set():
            looked.set()
        return 0.0

    logins = Logins(clock)

    def first() -> None:
        with logins.attempt(vcenter("vc1", password_file=password, username=ACCOUNT)):
            inside.set()
            go.wait(30)
            order.append("first")

    def second() -> None:
        with logins.attempt(vcenter("vc2", password_file=password, username=ACCOUNT)):
            order.append("second")

    with ThreadPoolExecutor(2) as pool:
        begun = pool.submit(first)
        assert inside.wait(30)
        following = pool.submit(second)
        assert looked.wait(30)
        go.set()
        begun.result(30)
        following.result(30)
    assert ["first", "second"] == order


def test_another_account_waits_for_nobody(logins: Logins, password: Path) -> None:
    with (
        logins.attempt(vcenter("vc1", password_file=password, username=ACCOUNT)),
        logins.attempt(vcenter("vc2", password_file=password, username="other@vsphere.local")),
    ):
        pass
