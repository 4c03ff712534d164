"""The steps of ``reflexarc vcenter check``: from the first packet to the first event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ingest.vcenter.feeds.collector import EventCollector
from ingest.vcenter.feeds.expiry import CERTIFICATE, PASSWORD, ends, password_end
from ops.vcenter import actor, privileges
from ops.vcenter.finding import Finding
from schemas.errors import ReflexarcError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clients.vsphere.session import Session
    from ingest.vcenter.position.checkpoint import Checkpoint
    from ops.vcenter.wanted import Wanted
    from schemas.config import VcenterConfig

APART: Final = timedelta(seconds=5)
"""Difference of the clocks that nobody minds."""

BACK: Final = timedelta(hours=1)
"""How far back the newest event is looked for."""


def examine(session: Session, checkpoint: Callable[[], Checkpoint | None], wanted: Wanted) -> Iterator[Finding]:
    """Look at one vCenter, step by step; the first that fails is the last, for the next ones build upon it.

    Args:
        session: neither connected nor logged in; it is logged out at the end.
        checkpoint: asked for what the ingest knows of this vCenter; may raise a ``ReflexarcError``.
        wanted: what the accounts are for.
    """
    step = "connection"
    try:
        session.connect()
        yield _connection(session)
        yield from _endings(session)
        step = "server"
        yield _server(session)
        step = "identity"
        yield _identity(session, checkpoint)
        step = "log-in"
        session.login()
        yield Finding(step, "ok", f"as {session.config.account.username}")
        step = "clock"
        yield _clock(session)
        step = "events"
        yield _events(session)
        step = privileges.STEP
        yield from privileges.examine(session, wanted.by_reader if session.config.actor else wanted.all)
        step = actor.STEP
        yield from actor.examine(session.config, wanted)
    except ReflexarcError as error:
        yield Finding.failure(step, error)
    finally:
        session.close()


def _connection(session: Session) -> Finding:
    config, shown = session.config, session.certificate
    where = urlsplit(config.url).netloc
    way = f"{where} through {config.proxy}" if config.proxy else where
    if shown is None:
        return Finding("connection", "warning", f"{way}, without TLS", "write https:// in url")
    what = f"{way}, certificate of {shown.subject}, {_trust(config)}"
    if not config.insecure:
        return Finding("connection", "ok", what)
    cure = f"compare the fingerprint with the server's own, and write thumbprint: {shown.fingerprint}"
    return Finding("connection", "warning", what, cure)


def _trust(config: VcenterConfig) -> str:
    if config.insecure:
        return "NOT verified"
    if config.thumbprint:
        return "pinned by its thumbprint"
    return f"verified by {config.ca_file or 'the authorities of the system'}"


def _endings(session: Session) -> Iterator[Finding]:
    now = datetime.now(UTC)
    shown, password = session.certificate, password_end(session.config)
    for step, end, notice in (
        ("certificate", shown.expires if shown else None, CERTIFICATE),
        ("password", password, PASSWORD),
    ):
        if end is not None:
            soon = end - now < notice
            yield Finding(step, "warning" if soon else "ok", ends(end, now), "give it a new one" if soon else None)


def _server(session: Session) -> Finding:
    about = session.about
    what = f"{about.fullName}, API {about.apiVersion}, instanceUuid {about.instanceUuid}"
    if about.apiType != "VirtualCenter":
        raise Refused(f"{about.fullName} is no vCenter", cure=f"correct vcenters.{session.name}.url")
    return Finding("server", "ok", what)


def _identity(session: Session, checkpoint: Callable[[], Checkpoint | None]) -> Finding:
    step, uuid = "identity", str(session.about.instanceUuid or "")
    try:
        known = checkpoint()
    except ReflexarcError as error:
        return Finding.untold(step, error)
    if known is None:
        return Finding(step, "ok", "never followed before")
    if known.instance_uuid == uuid:
        return Finding(step, "ok", "the server that was followed before")
    raise Refused(
        f"another server than before: that was {known.instance_uuid}",
        cure=f"correct vcenters.{session.name}.url, or give the new server a new name",
    )


def _clock(session: Session) -> Finding:
    before = datetime.now(UTC)
    theirs = session.current_time()
    after = datetime.now(UTC)
    offset = (theirs - before - (after - before) / 2).total_seconds()
    what = f"{abs(offset):.1f} s {'ahead of' if offset > 0 else 'behind'} ours"
    if abs(offset) <= APART.total_seconds():
        return Finding("clock", "ok", what)
    return Finding("clock", "warning", what, "let both keep time by NTP: the measured lag is off by as much")


def _events(session: Session) -> Finding:
    collector = EventCollector(session, begin=session.current_time() - BACK, page=10)
    try:
        newest = max((event.key for event in collector.latest()), default=None)
        collector.read(1)
    finally:
        collector.close()
    return Finding("events", "ok", f"readable, {'none in the last hour' if newest is None else f'newest key {newest}'}")
