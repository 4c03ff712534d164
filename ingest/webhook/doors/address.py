"""Where a request comes from, and whether that is near enough."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Final

from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Network, IPv6Network

    from ingest.webhook.doors.visitor import Address, Check, Visitor

    Networks = Sequence[IPv4Network | IPv6Network]

_REMEMBERED: Final = 1024  # peers come again and again


def origin(peer: str, forwarded: Sequence[str], proxies: Networks) -> Address | None:
    """The address that a request comes from.

    Args:
        peer: the other end of the connection.
        forwarded: every value of ``X-Forwarded-For``, in order. Anybody can write into it: it is believed from its end
            on, and only as far as ``proxies`` of ours have written it.
        proxies: where our own proxies are.

    Returns:
        None when ``peer`` is no address, as that of a Unix socket.
    """
    address = _peer(peer)
    hops = ",".join(forwarded).split(",")
    while address is not None and hops and within(address, proxies):
        before = _parsed(hops.pop())
        if before is None:
            break
        address = before
    return address


def within(address: Address, networks: Networks) -> bool:
    """Whether one of the networks holds the address."""
    return any(address in network for network in networks)


def allowed(networks: Networks) -> Check:
    """Let in who comes from one of the networks; everybody else hears 403."""

    def check(visitor: Visitor) -> None:
        if visitor.address is None or not within(visitor.address, networks):
            raise Problem(403, "This endpoint is not for this sender.")

    return check


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


@lru_cache(_REMEMBERED)
def _peer(text: str) -> Address | None:
    return _parsed(text)
