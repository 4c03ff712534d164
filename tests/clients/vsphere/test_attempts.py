"""The rules of log-in attempts, with a clock of the test's own and a single sign-on that locks accounts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.vsphere import attempts as module
from clients.vsphere.attempts import APART, AT_MOST, SILENCE, WINDOW, Attempts, Version

STALE = Version(b"stale", "file", 1)
FRESH = Version(b"fresh", "file", 2)
COPY = Version(b"stale", "another file", 7)

LOCKING = 5
"""Wrong passwords within ``WINDOW`` that lock an account, as vCenter has it by default."""


def refuse(account: Attempts, now: float, vcenter: str, password: Version = STALE) -> None:
    this = account.begin(now)
    account.refused(now, vcenter, password)
    account.end(this)


def accept(account: Attempts, now: float, vcenter: str, password: Version = STALE) -> None:
    this = account.begin(now)
    account.accepted(vcenter, password)
    account.end(this)


def test_a_refused_password_is_tried_once_more_after_a_pause() -> None:
    account = Attempts()
    refuse(account, 0, "vc1")
    assert [APART, 1, 0] == [account.wait(now, "vc1", STALE) for now in (0, APART - 1, APART)]


def test_the_second_try_may_be_another_vcenters_at_once() -> None:
    account = Attempts()
    refuse(account, 0, "vc1")
    assert 0 == account.wait(0, "vc2", STALE)


@pytest.mark.parametrize("second", ["vc1", "vc2"])
@pytest.mark.parametrize("password", [STALE, COPY])
def test_a_password_refused_twice_rests_everywhere_for_good(second: str, password: Version) -> None:
    account = Attempts()
    refuse(account, 0, "vc1")
    refuse(account, APART, second)
    assert {math.inf} == {account.wait(1e9, vcenter, password) for vcenter in ("vc1", "vc2", "vc3")}


def test_a_new_password_is_tried_at_once() -> None:
    account = Attempts()
    refuse(account, 0, "vc1")
    refuse(account, APART, "vc1")
    assert 0 == account.wait(APART, "vc1", FRESH)
    assert math.inf == account.wait(APART, "vc1", STALE)


@pytest.mark.parametrize("place", ["file", "another file"])
def test_the_same_password_written_again_is_tried_again(place: str) -> None:
    account = Attempts()
    for now, password in ((0, STALE), (APART, COPY)):
        assert 0 == account.wait(now, password.place, password)
        refuse(account, now, password.place, password)
    assert math.inf == account.wait(1e9, "vc1", STALE)
    assert 0 == account.wait(1e9, "vc1", Version(b"stale", place, 99))
    assert 0 == account.wait(1e9, "vc1", Version(b"stale", place, 99))


def test_a_password_that_another_vcenter_accepts_rests_at_the_one_that_refuses_it_only() -> None:
    account = Attempts()
    for now in (0, APART):
        refuse(account, now, "vc1")
        accept(account, now, "vc2")
    assert [math.inf, 0] == [account.wait(APART, vcenter, STALE) for vcenter in ("vc1", "vc2")]


def test_what_was_accepted_once_is_not_trusted_for_ever() -> None:
    account = Attempts()
    vcenters = [f"vc{number}" for number in range(12)]
    for vcenter in vcenters:
        accept(account, 0, vcenter)
    for vcenter in vcenters[:2]:
        refuse(account, 1, vcenter)
    assert {math.inf} == {account.wait(1e9, vcenter, STALE) for vcenter in vcenters}


def test_one_at_a_time_and_a_mute_one_holds_the_others_up_for_a_moment() -> None:
    account = Attempts()
    this = account.begin(0)
    assert [SILENCE, 0] == [account.wait(now, "vc2", STALE) for now in (0, SILENCE)]
    account.end(this)
    assert 0 == account.wait(1, "vc2", STALE)


def test_mute_ones_count_as_refusals_to_come() -> None:
    account = Attempts()
    for number in range(AT_MOST):
        account.begin(number * SILENCE)
    assert SILENCE == account.wait(1000, "vc9", STALE)


def test_an_account_gathers_less_than_locks_it_whatever_is_configured() -> None:
    account = Attempts()
    for number in range(AT_MOST):
        refuse(account, number, "vc1", Version(bytes([number]), "file", number))
    waits = [account.wait(now, "vc1", FRESH) for now in (AT_MOST, WINDOW - 1, WINDOW)]
    assert [WINDOW - AT_MOST, 1, 0] == waits
    accept(account, WINDOW, "vc1", FRESH)
    assert 0 == account.wait(WINDOW, "vc1", FRESH)


@dataclass
class Domain:
    """A single sign-on: the right password, and an account that locks."""

    right: bytes = b"0"
    wrong: list[float] = field(default_factory=list)
    locked: bool = False

    def login(self, now: float, password: Version) -> bool:
        if password.digest == self.right:
            self.wrong.clear()
            return True
        self.wrong = [*(instant for instant in self.wrong if now - instant < WINDOW), now]
        self.locked |= len(self.wrong) >= LOCKING
        return False


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.1, 4.0, 10.0, 31.0, 100.0]),  # seconds that pass
        st.sampled_from(["ask", "ask", "ask", "ask", "change", "write", "write all"]),
        st.integers(0, 11),  # which vCenter
        st.integers(0, 5),  # which password
        st.sampled_from([0.0, 0.3, 8.0, 25.0]),  # seconds until the answer
    ),
    max_size=120,
)


def play(steps: list[tuple[float, str, int, int, float]]) -> Domain:
    """Twelve vCenters of one domain log in as often as they may, while passwords change here and there."""
    now, domain, account = 0.0, Domain(), Attempts()
    files = [Version(b"0", f"vc{number}", 0) for number in range(12)]
    pending: list[tuple[float, str, Version, object]] = []

    def answer(until: float) -> None:
        for due in sorted((each for each in pending if each[0] <= until), key=lambda each: each[0]):
            pending.remove(due)
            instant, vcenter, password, this = due
            if domain.login(instant, password):
                account.accepted(vcenter, password)
            else:
                account.refused(instant, vcenter, password)
            account.end(this)

    for step, (passed, what, number, password, delay) in enumerate(steps):
        now += passed
        answer(now)
        if what == "change":
            domain.right = b"%d" % password
        elif what == "write":
            files[number] = Version(b"%d" % password, f"vc{number}", step)
        elif what == "write all":
            files = [Version(b"%d" % password, f"vc{each}", step) for each in range(12)]
        else:
            for each in range(12):
                vcenter = f"vc{(number + each) % 12}"
                file = files[(number + each) % 12]
                if account.wait(now, vcenter, file) <= 0:
                    pending.append((now + delay, vcenter, file, account.begin(now)))
                    answer(now)
    answer(math.inf)
    return domain


@given(STEPS)
@settings(max_examples=300)
def test_an_account_is_never_locked(steps: list[tuple[float, str, int, int, float]]) -> None:
    assert not play(steps).locked


def test_without_the_rules_a_stale_password_locks_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [(0.0, "change", 0, 1, 0.0), (0.0, "ask", 0, 0, 0.0)]
    assert not play(steps).locked
    monkeypatch.setattr(module.Attempts, "wait", lambda *_: 0.0)
    assert play(steps).locked
