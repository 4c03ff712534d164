"""Who is at the door, as far as it can be told before the body."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from multidict import CIMultiDictProxy

    Check = Callable[["Visitor"], None]
    BodyCheck = Callable[["Visitor", bytes], None]

Address = IPv4Address | IPv6Address


class Visitor(NamedTuple):
    """A request before its body.

    Attributes:
        headers: as they were sent.
        address: where it comes from, in front of our own proxies; None when that cannot be told.
        token: the part of the path that follows the endpoint's; empty without one.
        certificate: the sender's, verified, as ``ssl.SSLSocket.getpeercert`` gives it; None without one.
    """

    headers: CIMultiDictProxy[str]
    address: Address | None
    token: str
    certificate: Mapping[str, Any] | None
