"""The local stack as one thing: up, down, status, and the faults that tests need."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ops.dev.component import Component, Status
from ops.dev.member import Member
from ops.dev.plan import plan
from ops.dev.provision import find, provide, retire
from ops.dev.state import Record, exclusive
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ops.dev.service import Report

_log = logging.getLogger(__name__)
_WAITING = "another command is changing this stack, waiting"


def up(
    state: Path,
    *,
    bootstrap: str | None = None,
    vcenters: Sequence[str] = (),
    amqp: str | None = None,
    only: Sequence[str] | None = None,
    secure: bool = False,
    brokers: int | None = None,
    cache: Path | None = None,
    report: Report,
) -> Status:
    """Have the stack run: start what does not run, leave alone what does. Calling it again changes nothing.

    Args:
        state: the stack's own folder; several stacks live side by side in several folders.
        bootstrap: the user's own broker, ``host:port``, in place of ours.
        vcenters: URLs of the user's own vCenters, in place of both simulators.
        amqp: URL of the user's own RabbitMQ.
        only: kinds of component to have (``kafka``, ``vcsim``, ``rabbitmq``); None means all.
        secure: Kafka with TLS, SCRAM-SHA-512 and ACLs.
        brokers: nodes of Kafka, 1 or 3; None is as many as this stack was made with, and at first one.
        cache: downloads and builds; the default, ``cache`` beside ``state``, is shared with the stacks beside it.
        report: takes one line of progress; called from several threads.

    Raises:
        ReflexarcError: a component did not start, or cannot be had and has no stand-in, or Kafka's data were made with
            another security or number of nodes. The others run.
    """
    state = state.absolute()
    cache = (cache or state.parent / "cache").absolute()
    components = plan(bootstrap=bootstrap, vcenters=vcenters, amqp=amqp, only=only, brokers=brokers)
    with exclusive(state, report, waiting=_WAITING):
        retire(state, components, report)
        with ThreadPoolExecutor() as pool:
            results = [
                pool.submit(provide, state, cache, wanted, secure=secure, report=report) for wanted in components
            ]
        for result in results:
            result.result()
    return status(state)


def down(state: Path, report: Report) -> None:
    """Stop what this stack started, and forget the user's own components. Data, logs and ports stay."""
    state = state.absolute()
    with exclusive(state, report, waiting=_WAITING):
        for record in Record.read_all(state):
            member = Member(state, record)
            member.stop(report)
            if member.service is None:
                record.forget(state)


def status(state: Path) -> Status:
    """What the stack consists of, and whether each part runs and answers. Changes nothing."""
    state = state.absolute()
    return Status(tuple(Member(state, record).component() for record in Record.read_all(state)))


def start(state: Path, name: str, *, report: Report = _log.info) -> Component:
    """Start what does not run of one component that this stack has had before, at the same endpoint, with its data.

    Raises:
        ReflexarcError: the stack does not have it, or it does not start.
    """
    with exclusive(state.absolute(), report, waiting=_WAITING):
        member = _member(state, name)
        member.start(report)
        return member.component()


def stop(state: Path, name: str, *, report: Report = _log.info) -> Component:
    """Stop one component in an orderly way.

    Raises:
        ReflexarcError: the stack does not have it.
    """
    with exclusive(state.absolute(), report, waiting=_WAITING):
        member = _member(state, name)
        member.stop(report)
        return member.component()


def restart(state: Path, name: str, *, report: Report = _log.info) -> Component:
    """Stop one component in an orderly way and start it again, as ``start`` does."""
    stop(state, name, report=report)
    return start(state, name, report=report)


def kill(state: Path, name: str, *, process: str | None = None) -> Component:
    """End one component with SIGKILL, as a crash would; returns when it is gone.

    Args:
        state: the stack's folder.
        name: of the component.
        process: one node of a cluster, such as ``broker-2``; None means all of it.

    Raises:
        ReflexarcError: the stack does not have it, or it does not run.
    """
    member = _member(state, name)
    member.kill(process)
    return member.component()


def pause(state: Path, name: str, *, process: str | None = None) -> None:
    """Let one component, or one ``process`` of it, stand still (SIGSTOP): it keeps its connections and answers nobody.

    ``resume`` and ``start`` let it go on; ``stop`` and ``kill`` end it.

    Raises:
        ReflexarcError: the stack does not have it, or it does not run.
    """
    _member(state, name).pause(process)


def resume(state: Path, name: str, *, process: str | None = None) -> None:
    """Let a component, or one ``process`` of it, go on after ``pause``; does not wait until it answers.

    Raises:
        ReflexarcError: the stack does not have it, or it does not run.
    """
    _member(state, name).resume(process)


def _member(state: Path, name: str) -> Member:
    member = find(state.absolute(), name)
    if member is None or member.service is None:
        raise ReflexarcError(f"this stack runs no {name!r}", cure="reflexarc dev status tells what it runs")
    return member
