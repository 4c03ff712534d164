"""Objects that parameters name: exactly one of that name, or none is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from clients.vsphere.properties import read_all
from clients.vsphere.target import Target, moref, named, shown_name
from schemas.errors import Reject
from sinks.vsphere.machine import state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from clients.vsphere.session import Session

NAME: Final = "name"


class Known(NamedTuple):
    """What was found.

    Attributes:
        reference: the object.
        name: as people write it.
        values: of it, by path.
    """

    reference: Any
    name: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.name} ({moref(self.reference)})"


def every(session: Session, kind: Any, paths: Sequence[str] = (), *, within: Any | None = None) -> list[Known]:
    """All objects of a kind, with these values.

    Raises:
        SessionLost, Unreachable, VsphereFault: they cannot be read.
    """
    rows = read_all(session, kind, [NAME, *paths], within=within)
    return [Known(row.reference, shown_name(str(row.values.get(NAME, ""))), row.values) for row in rows]


def only(
    found: Sequence[Known], text: str, word: str, *, where: str, also: Callable[[Known], bool] = lambda _: True
) -> Known:
    """The one of that name, upper and lower case alike, or of that moref; without a text the only one there is.

    Args:
        found: those that may be meant.
        text: a name or a moref; empty for whichever there is.
        word: what it is, such as ``cluster``.
        where: where they were looked for.
        also: what else must be true of it.

    Raises:
        Reject: none, or several.
    """
    fitting = [each for each in found if also(each) and (not text or _is_called(each, text))]
    if len(fitting) == 1:
        return fitting[0]
    called = f" is called {text!r}" if text else " is there"
    if fitting:
        raise Reject(f"more than one {word}{called} in {where}: {named(fitting)}: name one of them")
    others = [each for each in found if also(each)]
    raise Reject(f"no {word}{called} in {where}" + (f": there are {named(others)}" if others else ""))


def _is_called(each: Known, text: str) -> bool:
    return text in {each.name, moref(each.reference)} or each.name.casefold() == text.casefold()


def read(session: Session, known: Known, paths: Sequence[str]) -> Known:
    """The same object with these values, all of them.

    Raises:
        Retry: the vCenter does not know one of them, as of a machine whose host is away.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    return known._replace(values=state.read(Target(session, known.reference, known.name), paths))
