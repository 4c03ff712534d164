"""Which virtual machine is meant: exactly one, or none is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from pyVmomi import vim

from clients.vsphere.properties import read_all
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clients.vsphere.session import Session

NAMED_IN_ERRORS = 5


class NoSingleTarget(ReflexarcError):  # noqa: N818 - reads as the state it names
    """A name fits no virtual machine, or several; the message names the candidates."""


class Target(NamedTuple):
    """One virtual machine.

    Attributes:
        session: where it lives, logged in.
        reference: its managed object.
        name: as the vCenter shows it.
    """

    session: Session
    reference: Any
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.session.name}/{self.reference._moId})"  # noqa: SLF001 - pyvmomi's place for it


def find(sessions: Iterable[Session], name: str) -> Target:
    """The only virtual machine of that name, upper and lower case alike, in all the given vCenters.

    Args:
        sessions: every vCenter in question, logged in; one that fails fails the search, for it may hold a second match.
        name: exact name, no pattern.

    Raises:
        NoSingleTarget: no match, or more than one.
        SessionLost, Unreachable, VsphereFault: a vCenter did not answer for itself.
    """
    searched = []
    matches = []
    for session in sessions:
        searched.append(session.name)
        matches += [
            Target(session, reference, shown)
            for reference, values in read_all(session, vim.VirtualMachine, ["name"])
            if (shown := shown_name(values.get("name", ""))).casefold() == name.casefold()
        ]
    if len(matches) == 1:
        return matches[0]
    if not matches:
        raise NoSingleTarget(f"no virtual machine is called {name!r} in {', '.join(searched)}")
    more = f" and {len(matches) - NAMED_IN_ERRORS} more" if len(matches) > NAMED_IN_ERRORS else ""
    raise NoSingleTarget(
        f"{len(matches)} virtual machines are called {name!r}: {', '.join(map(str, matches[:NAMED_IN_ERRORS]))}{more}"
    )


def shown_name(stored: str) -> str:
    r"""A name as people write it: the API stores ``/``, ``\`` and ``%`` as ``%2f``, ``%5c`` and ``%25``."""
    return unquote(stored)
