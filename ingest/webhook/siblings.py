"""The other processes behind the same address: how many there are, and where their probes are."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final, NamedTuple

from schemas.config.address import split_endpoint
from schemas.config.fault import Fault

_LAST_PORT: Final = 65_535


class Siblings(NamedTuple):
    """Of one process.

    Attributes:
        others: how many there are.
        probes: base URLs of their probes; empty when they have none.
    """

    others: int = 0
    probes: tuple[str, ...] = ()

    @classmethod
    def of(cls, probe: str | None, *, number: int, processes: int) -> Siblings:
        """Those of process ``number``, from 0, of so many, whose own probe is at ``probe`` (``HOST:PORT``) if it is.

        Raises:
            Fault: the address is none.
        """
        if probe is None:
            return cls(processes - 1)
        addresses = (neighbour(probe, other - number) for other in range(processes) if other != number)
        return cls(processes - 1, tuple(_url(address) for address in addresses))

    @property
    def mute(self) -> int:
        """How many of them nobody can ask."""
        return self.others - len(self.probes)


ALONE: Final = Siblings()
"""Of a process that has its address for itself."""


def neighbour(address: str, distance: int) -> str:
    """The address as many ports further.

    Raises:
        Fault: the address is none, or there is no such port.
    """
    first = split_endpoint(address)[1]
    port = first + distance
    if not (first and 0 < port <= _LAST_PORT):
        raise Fault("leaves no port for each process", "name one, with as many free ones behind it")
    return f"{address.rpartition(':')[0]}:{port}"


def _url(address: str) -> str:
    """Who listens on all addresses of this machine answers on loopback, too."""
    host, port = split_endpoint(address)
    try:
        parsed = ip_address(host)
    except ValueError:
        return f"http://{address}"
    if parsed.is_unspecified:
        return f"http://{'[::1]' if parsed.version == 6 else '127.0.0.1'}:{port}"
    return f"http://{address}"
