from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ops.dev import member as module
from ops.dev.member import Member
from ops.dev.state import Record
from schemas.errors import ReflexarcError
from tests.ops.dev.services import Broken, Pair, WebServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ops.dev.services import Quiet


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SERVICES", {"web": WebServer, "pair": Pair, "broken": Broken})


@pytest.fixture
def web(services: None, tmp_path: Path, quiet: Quiet) -> Iterator[Member]:
    member = Member(tmp_path, Record("web", "vcsim", "web", str(tmp_path)))
    yield member
    member.stop(quiet)


@pytest.fixture
def pair(services: None, tmp_path: Path, quiet: Quiet) -> Iterator[Member]:
    member = Member(tmp_path, Record("pair", "kafka", "pair", str(tmp_path)))
    member.start(quiet)
    yield member
    member.stop(quiet)


def test_a_started_component_runs_and_answers(web: Member, quiet: Quiet) -> None:
    web.start(quiet)

    component = web.component()
    assert ("running", True) == (component.state, component.answers)
    assert component.pid is not None


def test_starting_twice_keeps_the_process(web: Member, quiet: Quiet) -> None:
    web.start(quiet)
    first = web.component().pid
    web.start(quiet)

    assert first == web.component().pid
    assert quiet.lines[1].endswith("already")


def test_a_killed_component_is_stopped_and_comes_back_at_the_same_endpoint(web: Member, quiet: Quiet) -> None:
    web.start(quiet)
    before = web.component()

    web.kill()
    killed = web.component()
    web.start(quiet)
    after = web.component()

    assert ("stopped", None) == (killed.state, killed.pid)
    assert ("running", before.endpoint) == (after.state, after.endpoint)
    assert before.pid != after.pid


def test_what_does_not_run_cannot_be_killed(web: Member) -> None:
    with pytest.raises(ReflexarcError, match="web does not run"):
        web.kill()


def test_the_log_of_the_run_before_is_kept(web: Member, quiet: Quiet, tmp_path: Path) -> None:
    for _ in range(2):
        web.start(quiet)
        web.stop(quiet)

    assert {"web.log", "web.log.1"} == {path.name for path in (tmp_path / "web").glob("*.log*")}


def test_a_component_that_ends_at_once_is_reported_with_its_last_words(
    services: None, tmp_path: Path, quiet: Quiet
) -> None:
    member = Member(tmp_path, Record("web", "vcsim", "broken", str(tmp_path)))

    with pytest.raises(ReflexarcError, match=r"web: web ended: the port is cursed \(see .*web.log\)"):
        member.start(quiet)


def test_a_component_that_never_answers_is_given_up(web: Member, quiet: Quiet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_START_LIMIT", 0.0)
    monkeypatch.setattr(WebServer, "answers", lambda _: False)

    with pytest.raises(ReflexarcError, match="web: does not answer after 0 s"):
        web.start(quiet)


def test_a_running_component_that_does_not_answer_is_shown_as_such(
    web: Member, quiet: Quiet, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.start(quiet)
    monkeypatch.setattr(WebServer, "answers", lambda _: False)

    component = web.component()

    assert ("running", False, "does not answer") == (component.state, component.answers, component.note)


def test_an_external_component_is_never_started_or_stopped(tmp_path: Path, quiet: Quiet) -> None:
    member = Member(tmp_path, Record("web", "vcsim", "external", str(tmp_path), "https://host/sdk"))

    member.start(quiet)
    member.stop(quiet)

    assert [] == quiet.lines
    assert ("external", True, "https://host/sdk") == (
        member.component().state,
        member.component().real,
        member.component().endpoint,
    )


def test_an_absent_component_is_not_real(tmp_path: Path) -> None:
    component = Member(tmp_path, Record("rabbitmq", "rabbitmq", "absent", str(tmp_path), note="why")).component()

    assert ("absent", False, None, "why") == (component.state, component.real, component.endpoint, component.note)


@pytest.mark.parametrize(("killed", "left"), [("first", "second"), ("second", "first")])
def test_a_component_that_lost_one_of_its_equals_runs_and_says_what_it_lacks(
    pair: Member, killed: str, left: str
) -> None:
    pids = pair.component().processes

    pair.kill(killed)
    component = pair.component()

    assert ("running", False, "1 of 2 listen") == (component.state, component.answers, component.note)
    assert {killed: None, left: pids[left]} == component.processes
    assert pids[left] == component.pid


def test_only_what_does_not_run_is_started(pair: Member, quiet: Quiet) -> None:
    before = pair.component().processes
    pair.kill("first")
    pair.start(quiet)
    after = pair.component().processes

    assert before["second"] == after["second"]
    assert before["first"] != after["first"] is not None


def test_a_kill_without_a_name_ends_all_that_serve(pair: Member) -> None:
    pair.kill()

    component = pair.component()
    assert ("stopped", {"first": None, "second": None}) == (component.state, component.processes)


def test_what_is_paused_goes_on_at_the_next_start(pair: Member, quiet: Quiet) -> None:
    pid = pair.component().processes["second"]
    pair.pause("second")
    pair.start(quiet)

    assert "T" != Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_what_is_paused_can_be_resumed(pair: Member) -> None:
    pid = pair.component().processes["second"]
    pair.pause()
    pair.resume("second")

    assert "T" != Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_an_unknown_process_is_refused_with_the_choices(pair: Member) -> None:
    with pytest.raises(ReflexarcError, match=r"pair has no process 'third' .*first, second"):
        pair.kill("third")


def test_a_process_that_does_not_run_cannot_be_killed(pair: Member) -> None:
    pair.kill("first")

    with pytest.raises(ReflexarcError, match="first of pair does not run"):
        pair.kill("first")
