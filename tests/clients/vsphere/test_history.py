"""What a vCenter tells of tasks that go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clients.vsphere import history
from clients.vsphere.session import Session
from clients.vsphere.target import find, moref
from tests.support.machine import MODEL, finish
from tests.support.told import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack

SNAPSHOTS = ("virtualmachine.removeallsnapshots",)


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


@pytest.fixture
def begun(session: Session) -> tuple[float, Any]:
    """The vCenter's clock, and a task that was begun then."""
    since = session.current_time().timestamp()
    started = find([session], MODEL).reference.RemoveAllSnapshots_Task()
    finish(session, started)
    return since, started


def goes_on(session: Session, since: float, words: tuple[str, ...] = SNAPSHOTS) -> bool:
    return history.goes_on(session, words, since=since)


def test_a_task_that_has_ended_does_not_go_on(session: Session, begun: tuple[float, Any]) -> None:
    assert not goes_on(session, begun[0])


@pytest.mark.parametrize("word", ["queued", "running"])
def test_one_that_has_not_does(
    session: Session, begun: tuple[float, Any], monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    tell(monkeypatch, {moref(begun[1]): {"info.state": word}})
    assert goes_on(session, begun[0])


def test_one_of_another_kind_time_or_account_is_another(
    session: Session, begun: tuple[float, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    since, started = begun
    tell(monkeypatch, {moref(started): {"info.state": "running"}})
    assert not goes_on(session, since, ("virtualmachine.clone",))
    assert not goes_on(session, since + 60)
    assert not goes_on(session, since - 3600)
    tell(monkeypatch, {moref(started): {"info.state": "running", "info.reason": None}})
    assert not goes_on(session, since)
