from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook import rate
from ingest.webhook.problem import Problem
from ingest.webhook.rate import Limiter, household


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def admitted(limiter: Limiter, key: str = "a") -> bool:
    try:
        limiter.take(key)
    except Problem as problem:
        return problem.status != 429
    return True


def test_what_comes_of_a_second_is_admitted_at_once_and_then_the_rate() -> None:
    clock = Clock()
    limiter = Limiter(2, now=clock)
    assert [True, True, False] == [admitted(limiter) for _ in range(3)]
    clock.now = 0.5
    assert [True, False] == [admitted(limiter) for _ in range(2)]


def test_who_is_refused_is_told_when_to_come_back() -> None:
    limiter = Limiter(1 / 60, now=Clock())
    limiter.take("a")
    with pytest.raises(Problem) as refused:
        limiter.take("a")
    assert {"Retry-After": "60"} == refused.value.headers


def test_one_sender_does_not_use_up_what_is_anothers() -> None:
    limiter = Limiter(1, now=Clock())
    assert [True, True, False] == [admitted(limiter, key) for key in "aba"]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "KEYS", 2)
    limiter = Limiter(1, now=Clock())
    assert [True] * 4 == [admitted(limiter, key) for key in "abca"]
    assert 2 == len(limiter._buckets)


@given(st.lists(st.floats(0, 5), max_size=60), st.sampled_from([0.5, 1.0, 3.0]))
def test_never_more_is_admitted_than_the_rate_and_one_burst(pauses: list[float], times: float) -> None:
    clock = Clock()
    limiter = Limiter(times, now=clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += admitted(limiter)
    assert taken <= clock.now * times + max(1, times) + 1e-6


def test_a_network_of_ipv6_is_one_sender_and_an_ipv4_address_is_one() -> None:
    assert household(ip_address("2001:db8::1")) == household(ip_address("2001:db8::2:1"))
    assert household(ip_address("2001:db8::1")) != household(ip_address("2001:db8:0:1::1"))
    assert household(ip_address("10.0.0.1")) != household(ip_address("10.0.0.2"))
