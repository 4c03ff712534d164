from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.doors.address import origin

PROXIES = [ip_network("10.0.0.0/24"), ip_network("fd00::/64")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["10.0.0.9", "203.0.113.5, 198.51.100.7 , 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", ["nonsense, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["198.51.100.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("fd00::1%eth0", ["[2001:db8::1]"], "2001:db8::1"),
    ],
)
def test_a_request_comes_from_in_front_of_our_proxies_and_from_nowhere_that_others_claim(
    peer: str, forwarded: list[str], expected: str
) -> None:
    assert ip_address(expected) == origin(peer, forwarded, PROXIES)


def test_what_is_no_address_has_none() -> None:
    assert None is origin("", ["198.51.100.7"], PROXIES)


@given(st.lists(st.text(max_size=20) | st.ip_addresses().map(str), max_size=5))
def test_whatever_a_stranger_writes_it_is_its_own_address_that_counts(forwarded: list[str]) -> None:
    assert ip_address("192.0.2.1") == origin("192.0.2.1", forwarded, PROXIES)
    assert ip_address("198.51.100.7") == origin("10.0.0.1", [*forwarded, "198.51.100.7"], PROXIES)
