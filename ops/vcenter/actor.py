"""The account that acts in a vCenter: another one than the one that reads its events, and what it may do."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from clients.vsphere.account import Account
from clients.vsphere.session import Session
from ops.vcenter import privileges
from ops.vcenter.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.vcenter.wanted import Wanted
    from schemas.config import VcenterConfig

STEP: Final = "actor"


def examine(config: VcenterConfig, wanted: Wanted) -> Iterator[Finding]:
    """Whether the account that acts is one of its own, can log in, and may do what is wanted of it.

    Args:
        config: the vCenter. Without an ``actor`` what is wanted is a matter of the account that reads events.
        wanted: what the accounts are for.

    Raises:
        Refused: its password or its session is not accepted.
        Unreachable: the vCenter has gone away.
    """
    if wanted.acts:
        yield _same(config, "let a sink of type remediation act, with an account of its own as actor")
    elif wanted.by_actor and not _apart(config):
        yield _same(config, f"name another one as vcenters.{config.name}.actor, with no more than the actions need")
    if config.actor is None:
        return
    with closing(Session(config.acting)) as session:
        session.connect()
        session.login()
        yield Finding(STEP, "ok", f"logged in as {config.actor.username}")
        yield from privileges.acting(session, wanted.by_actor)


def _apart(config: VcenterConfig) -> bool:
    if config.actor is None:
        return False
    return not Account.of(config.actor.username, config.url).is_called(config.account.username, config.url)


def _same(config: VcenterConfig, cure: str) -> Finding:
    return Finding(STEP, "warning", f"{config.account.username} acts and reads events, too", cure)
