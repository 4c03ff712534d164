"""Address ranges, as firewalls write them."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from schemas.config.fault import Fault


def _network(value: Any) -> IPv4Network | IPv6Network:
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    try:
        return ip_network(value if isinstance(value, str) else "")
    except ValueError:
        raise Fault("is not an address range", "write 10.0.0.0/8, 10.1.2.3 or fd00::/8, without host bits") from None


Network = Annotated[
    IPv4Network | IPv6Network,
    PlainValidator(_network),
    PlainSerializer(str, when_used="json"),
    WithJsonSchema({"type": "string"}),
]
"""CIDR; an address alone is a range of one."""
