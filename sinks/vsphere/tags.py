"""Tags by their names, as actions want them."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from clients.vsphere.tagging import Tagging
from schemas.errors import Refused, Reject, Retry
from sinks.vsphere.actions.base import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target


class Category(NamedTuple):
    """A category and its tags.

    Attributes:
        name: as people call it.
        single: whether an object may have only one of its tags.
        tags: ids by name.
    """

    name: str
    single: bool
    tags: Mapping[str, str]

    def names(self) -> dict[str, str]:
        """Names by id."""
        return {tag: name for name, tag in self.tags.items()}


class Tie(NamedTuple):
    """One change of the tags of an object.

    Attributes:
        action: what is done.
        tag: id of the tag.
        name: its name.
    """

    action: Literal["attach", "detach"]
    tag: str
    name: str

    def __str__(self) -> str:
        return f"{self.action} {self.name}"


@contextmanager
def tagging(session: Session) -> Iterator[Tagging]:
    """The tagging service of a session's vCenter, in a session of its own for as long as the body lasts.

    Raises:
        Refused, Unreachable, VsphereFault: as ``Tagging.open``.
    """
    with closing(Tagging(session.config)) as service:
        service.open()
        yield service


def category(service: Tagging, vcenter: str, name: str) -> Category:
    """The category of that name; costs a call for every category up to it, and one for each of its tags.

    Raises:
        Reject: there is none.
    """
    for each in service.categories():
        found = service.describe(each)
        if found is not None and found.name == name:
            tags = ((tag, service.tag(tag)) for tag in service.tags_of(each))
            return Category(name, found.single, {known.name: tag for tag, known in tags if known is not None})
    raise Reject(f"vCenter {vcenter} has no tag category {name}, or we may not see it: make it there")


def tag(found: Category, vcenter: str, name: str) -> str:
    """Id of the tag of that name in a category.

    Raises:
        Reject: there is none.
    """
    if name not in found.tags:
        raise Reject(
            f"vCenter {vcenter} has no tag {name} in category {found.name}, or we may not see it: make it there"
        )
    return found.tags[name]


def change(target: Target, ties: Iterator[Tie] | tuple[Tie, ...]) -> None:
    """Make changes, one call each, in their order: what must go before something else comes stands first.

    Raises:
        Retry: the vCenter does not let us in just now; nothing was changed.
        Refused: the account lacks the privilege.
        Unreachable, VsphereFault: as ``Tagging.tie``; some of the changes may have been made.
    """
    with closing(Tagging(target.session.config)) as service:
        try:
            service.open()
        except Refused as refusal:  # of the account, not of this change
            raise Retry(f"{target}: {refusal}") from refusal
        for tie in ties:
            service.tie(tie.action, tie.tag, str(target.reference._wsdlName), target.moref)  # noqa: SLF001 - pyvmomi's


def undo(target: Target, before: Mapping[str, Any]) -> Plan:
    """The changes of tags the other way round, unless somebody has changed these tags since.

    Args:
        target: the object.
        before: what ``ties`` holds: the changes that were made.

    Raises:
        Reject: somebody has.
        Refused, Unreachable, VsphereFault: the tags cannot be read.
    """
    made = [Tie(*each) for each in before["ties"]]
    with tagging(target.session) as service:
        found = carried(service, target)
    if all((tie.tag in found) == (tie.action == "detach") for tie in made):
        return Plan(target, ())
    if changed := [tie.name for tie in made if (tie.tag in found) != (tie.action == "attach")]:
        raise Reject(f"{target}: somebody has changed {', '.join(changed)} since: its tags stay so")
    back = tuple(tie._replace(action="detach" if tie.action == "attach" else "attach") for tie in reversed(made))
    return Plan(target, tuple(map(str, back)), back)


def carried(service: Tagging, target: Target) -> set[str]:
    """Ids of the tags that an object carries."""
    return {*service.carried(str(target.reference._wsdlName), target.moref)}  # noqa: SLF001 - pyvmomi's place for it
