"""Which object is meant: exactly one, or none is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from pyVmomi import vim

from clients.vsphere.faults import translated
from clients.vsphere.kinds import CLUSTER, DATASTORE, FOLDER, HOST, KINDS, MACHINE, SWITCH, kind_of
from clients.vsphere.properties import read_all
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from clients.vsphere.session import Session

NAMED_IN_ERRORS = 5

CLASSES: Final = {
    CLUSTER: vim.ClusterComputeResource,
    DATASTORE: vim.Datastore,
    FOLDER: vim.Folder,
    HOST: vim.HostSystem,
    MACHINE: vim.VirtualMachine,
    # Simulators have no more than the base class, which a view takes for both.
    SWITCH: vim.DistributedVirtualSwitch,
}
"""pyvmomi's class of each kind, as a view wants it."""

REFERENCES: Final = {
    **CLASSES,
    SWITCH: vim.dvs.VmwareDistributedVirtualSwitch,
    "DistributedVirtualSwitch": vim.DistributedVirtualSwitch,
}
"""pyvmomi's class of a reference by the name that a vCenter gives it."""


def moref(reference: Any) -> str:
    """The id of a managed object in its vCenter, such as ``vm-42``."""
    return str(reference._moId)  # noqa: SLF001 - pyvmomi's place for it


class NoSingleTarget(ReflexarcError):  # noqa: N818 - reads as the state it names
    """A name fits no object, or several; the message names the candidates."""


class Target(NamedTuple):
    """One managed object.

    Attributes:
        session: where it lives, logged in.
        reference: its managed object.
        name: as the vCenter shows it.
    """

    session: Session
    reference: Any
    name: str

    @property
    def moref(self) -> str:
        """Its id in that vCenter, such as ``vm-42``."""
        return moref(self.reference)

    @property
    def kind(self) -> str:
        """Which of ``KINDS`` it is."""
        return kind_of(str(self.reference._wsdlName))  # noqa: SLF001 - pyvmomi's place for it

    def __str__(self) -> str:
        return f"{self.name} ({self.session.name}/{self.moref})"


class Way(NamedTuple):
    """One way in which a text can stand for an object.

    Attributes:
        path: the property that is compared.
        fits: the text and the property, both casefolded.
        one: how it reads of one object.
        many: and of several.
    """

    path: str
    fits: Callable[[str, str], bool]
    one: str
    many: str


def _same(text: str, found: str) -> bool:
    return text == shown_name(found).casefold()


def _same_host(text: str, found: str) -> bool:
    return text in {found, found.partition(".")[0]}


BY_NAME: Final = Way("name", _same, "is called", "are called")
BY_GUEST: Final = (
    Way("guest.hostName", _same_host, "has a guest called", "have guests called"),
    Way("guest.ipAddress", lambda text, found: text == found, "has the address", "have the address"),
)
"""What a guest says of itself, which is asked only when no machine has the name."""


def find(sessions: Iterable[Session], name: str, kind: str = MACHINE, *, guests: bool = True) -> Target:
    """The only object that a text stands for, upper and lower case alike, in all the given vCenters.

    That is the one of that name; of virtual machines, when none has it, the one whose guest has that host name (whole,
    or its first label), else that address. A folder may be given by its path from the datacenter on, such as
    ``/DC0/vm/test``: names of folders come again and again.

    Args:
        sessions: every vCenter in question, logged in; one that fails fails the search, for it may hold a second match.
        name: exact name, no pattern; of a folder also its path.
        kind: one of ``KINDS``.
        guests: whether what a guest says of itself stands for its machine: whoever is root in it chooses that.

    Raises:
        NoSingleTarget: no match, or more than one.
        SessionLost, Unreachable, VsphereFault: a vCenter did not answer for itself.
    """
    searched = list(sessions)
    if kind == FOLDER and name.startswith("/"):
        return _only([target for session in searched for target in _at(session, name)], searched, kind, name)
    for way in (BY_NAME, *(BY_GUEST if kind == MACHINE and guests else ())):
        matches = [target for session in searched for target in _matches(session, name.casefold(), kind, way)]
        if matches:
            return single(matches, name, (), kind, way)
    return single((), name, [session.name for session in searched], kind)


def called(session: Session, name: str, kind: str = MACHINE) -> list[Target]:
    """All objects of that name in one vCenter, upper and lower case alike; what guests say does not count."""
    return list(_matches(session, name.casefold(), kind, BY_NAME))


def single(
    found: Sequence[Target],
    name: str,
    where: Iterable[str],
    kind: str = MACHINE,
    way: Way = BY_NAME,
    *,
    secret: bool = False,
) -> Target:
    """The only one of what was found.

    Args:
        found: whatever the text fits.
        name: the text.
        where: vCenters that were looked at.
        kind: one of ``KINDS``.
        way: in which it fits.
        secret: whether the candidates are not to be named, only counted.

    Raises:
        NoSingleTarget: none was found, or several.
    """
    words = KINDS[kind]
    if len(found) == 1:
        return found[0]
    if found:
        which = "" if secret else f": {named(found)}"
        raise NoSingleTarget(f"{len(found)} {words.many} {way.many} {name!r}{which}")
    raise NoSingleTarget(f"no {words.one} {BY_NAME.one} {name!r} in {', '.join(where)}")


def named(found: Sequence[object]) -> str:
    """Several things in a message: the first few, and how many more there are."""
    more = f" and {len(found) - NAMED_IN_ERRORS} more" if len(found) > NAMED_IN_ERRORS else ""
    return ", ".join(map(str, found[:NAMED_IN_ERRORS])) + more


def _only(matches: list[Target], searched: list[Session], kind: str, path: str) -> Target:
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise NoSingleTarget(f"{len(matches)} {KINDS[kind].many} are at {path!r}: {named(matches)}")
    raise NoSingleTarget(f"no {KINDS[kind].one} is at {path!r} in {', '.join(session.name for session in searched)}")


def _at(session: Session, path: str) -> Iterator[Target]:
    with translated(session.name):
        found = session.content.searchIndex.FindByInventoryPath(path.strip("/"))
    if isinstance(found, CLASSES[FOLDER]):
        yield Target(session, found, shown_name(path.rstrip("/").rpartition("/")[2]))


def _matches(session: Session, text: str, kind: str, way: Way) -> Iterable[Target]:
    for reference, values in read_all(session, CLASSES[kind], sorted({BY_NAME.path, way.path})):
        found = values.get(way.path)
        if found and way.fits(text, str(found).casefold()):
            yield Target(session, reference, shown_name(values.get(BY_NAME.path, "")))


def shown_name(stored: str) -> str:
    r"""A name as people write it: the API stores ``/``, ``\`` and ``%`` as ``%2f``, ``%5c`` and ``%25``."""
    return unquote(stored)
