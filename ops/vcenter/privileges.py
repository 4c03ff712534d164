"""What the account of a session may do, seen from the root of the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clients.vsphere import properties
from clients.vsphere.account import Account
from clients.vsphere.faults import VsphereFault, translated
from ops.vcenter.finding import Finding
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from clients.vsphere.session import Session

NEEDED: Final = ("System.Anonymous", "System.Read", "System.View")
"""What vCenter's own role "Read-only" holds."""

STEP: Final = "privileges"


def examine(session: Session, actions: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Whether the account may read events, may do more than that, and may do what others want of it.

    Args:
        session: logged in.
        actions: privileges by who needs them, such as ``sink isolate``.

    Raises:
        Refused: it may not even ask.
        SessionLost, Unreachable: the vCenter has gone away.
    """
    wanted = {privilege for each in actions.values() for privilege in each}
    try:
        held = _held(session, {*NEEDED, *wanted, *_known(session)})
    except VsphereFault as error:
        yield Finding.untold(STEP, error)
        return
    yield _reading(session, held, wanted)
    for actor, needed in actions.items():
        yield _acting(actor, needed, held)
    yield _propagation(session)


def acting(session: Session, actions: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Whether the account may do what others want of it, and read what they act on; arguments as for ``examine``.

    Raises:
        Refused: it may not even ask.
        SessionLost, Unreachable: the vCenter has gone away.
    """
    wanted = {privilege for each in actions.values() for privilege in each}
    try:
        held = _held(session, {*NEEDED, *wanted})
    except VsphereFault as error:
        yield Finding.untold(STEP, error)
        return
    for actor, needed in actions.items():
        yield _acting(actor, (*NEEDED, *needed), held)


def _known(session: Session) -> list[str]:
    manager = session.content.authorizationManager
    found = properties.read(session, manager, ["privilegeList"]).get("privilegeList", ())
    return [str(privilege.privId) for privilege in found]


def _held(session: Session, privileges: Collection[str]) -> set[str]:
    content = session.content
    with translated(session.name):
        answers = content.authorizationManager.HasPrivilegeOnEntities(
            [content.rootFolder], session.key, sorted(privileges)
        )
    return {str(each.privId) for answer in answers for each in answer.privAvailability if each.isGranted}


def _reading(session: Session, held: set[str], wanted: set[str]) -> Finding:
    lacks = [privilege for privilege in NEEDED if privilege not in held]
    if lacks:
        cure = f"give the user of vcenters.{session.name} the role Read-only on the root of the inventory, propagating"
        return Finding(STEP, "failed", f"lacks {', '.join(lacks)} at the root", cure, Refused.exit_code)
    has = f"has {', '.join(NEEDED)} at the root"
    if more := held - wanted - set(NEEDED):
        return Finding(STEP, "warning", f"{has}, and {len(more)} more", "the role Read-only is enough to read events")
    return Finding(STEP, "ok", has)


def _acting(actor: str, needed: Sequence[str], held: set[str]) -> Finding:
    if lacks := [privilege for privilege in needed if privilege not in held]:
        cure = "fine where a role further down holds them; elsewhere grant them"
        return Finding(actor, "warning", f"lacks {', '.join(lacks)} at the root", cure)
    return Finding(actor, "ok", f"has {', '.join(needed)} at the root")


def _propagation(session: Session) -> Finding:
    step = "propagation"
    content = session.content
    try:
        with translated(session.name):
            permissions = content.authorizationManager.RetrieveEntityPermissions(content.rootFolder, False)
    except (Refused, VsphereFault) as error:
        return Finding.untold(step, error)
    own = [permission for permission in permissions or () if _is_own(session, permission)]
    if not own:
        what = "cannot be told: the role comes from a group or a global permission"
        return Finding(step, "unknown", what, "look whether it propagates to children")
    if any(permission.propagate for permission in own):
        return Finding(step, "ok", "the role at the root propagates to all below it")
    cure = "let it propagate to children: events of what the account does not see are missing, without a word"
    return Finding(step, "failed", "the role at the root ends there", cure, Refused.exit_code)


def _is_own(session: Session, permission: Any) -> bool:
    r"""Whether it is the account's own; ``EXAMPLE\u`` and ``u@example.org`` are taken for the same."""
    username, url = session.config.account.username, session.config.url
    names = [Account.of(str(name), url) for name in (permission.principal, username)]
    return not permission.group and len({(name.user, name.domain.partition(".")[0]) for name in names}) == 1
