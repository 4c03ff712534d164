from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ops.dev.process import Process, start_detached

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[str], Process]

SLEEP = "import time; time.sleep(60)"
ORDERLY = (
    "import signal, time; signal.signal(signal.SIGTERM, lambda *_: (print('bye'), exit())); "
    "print('ready'); time.sleep(60)"
)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_detached_process_leads_a_session_of_its_own(run: Run) -> None:
    process = run(SLEEP)

    assert process.pid == os.getsid(process.pid)


def test_output_and_errors_go_to_the_log(run: Run, tmp_path: Path) -> None:
    process = run("import sys; print('out'); print('err', file=sys.stderr)")

    wait_for(lambda: not process.alive())
    assert ["out", "err"] == (tmp_path / "0.log").read_text().split()


def test_the_log_is_readable_by_this_user_only(run: Run, tmp_path: Path) -> None:
    run(SLEEP)

    assert 0o600 == (tmp_path / "0.log").stat().st_mode & 0o777


def test_a_program_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        start_detached(("reflexarc-has-no-such-program",), log=tmp_path / "log", environ=os.environ)


def test_a_broken_pipe_ends_it_although_python_ignores_that_signal(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = start_detached(("sh", "-c", "kill -PIPE $$; echo survived"), log=log, environ=os.environ)

    wait_for(lambda: not process.alive())
    assert "" == log.read_text()


def test_stop_ends_a_process_by_term(run: Run) -> None:
    process = run(SLEEP)

    process.stop(patience=10)

    assert not process.alive()


def test_stop_kills_a_process_that_ignores_term(run: Run, tmp_path: Path) -> None:
    process = run(STUBBORN)
    wait_for(lambda: "deaf" in (tmp_path / "0.log").read_text())

    process.stop(patience=0.1)

    assert not process.alive()


def test_kill_returns_when_the_process_is_gone(run: Run) -> None:
    process = run(STUBBORN)

    process.kill()

    assert Process.find(process.pid) is None


def test_a_dead_child_leaves_no_zombie(run: Run) -> None:
    process = run("")

    wait_for(lambda: not process.alive())

    assert not Path(f"/proc/{process.pid}").exists()


@pytest.mark.parametrize("end", [Process.kill, lambda process: process.stop(patience=1)], ids=["kill", "stop"])
def test_a_stranger_with_a_recycled_pid_is_never_signalled(run: Run, end: Callable[[Process], None]) -> None:
    stranger = run(SLEEP)
    remembered = Process(stranger.pid, "another boot:1")

    end(remembered)

    assert not remembered.alive()
    assert stranger.alive()


def test_stopping_twice_does_no_harm(run: Run) -> None:
    process = run(SLEEP)
    process.kill()

    process.stop(patience=1)

    assert not process.alive()


def test_a_process_is_remembered_in_a_file(run: Run, tmp_path: Path) -> None:
    process = run(SLEEP)

    process.write(tmp_path / "it.pid")

    assert process == Process.read(tmp_path / "it.pid")


@pytest.mark.parametrize("content", ["", "1234", "{}", '{"pid": 1}', "\x00"])
def test_a_damaged_file_remembers_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "it.pid").write_text(content)

    assert Process.read(tmp_path / "it.pid") is None


def test_a_missing_file_remembers_nothing(tmp_path: Path) -> None:
    assert Process.read(tmp_path / "it.pid") is None


def test_the_name_of_a_process_cannot_disguise_its_start_time(tmp_path: Path) -> None:
    program = tmp_path / ") R 1 2 3"
    program.symlink_to("/bin/sleep")
    process = start_detached((str(program), "60"), log=tmp_path / "log", environ=os.environ)
    try:
        assert process == Process.find(process.pid)
        assert process.alive()
    finally:
        process.kill()


def test_a_paused_process_stands_still_until_it_is_resumed(run: Run, tmp_path: Path) -> None:
    process = run("import time\nwhile True: print('tick'); time.sleep(0.01)")
    log = tmp_path / "0.log"
    state = Path(f"/proc/{process.pid}/stat")

    process.pause()
    wait_for(lambda: " T " in state.read_text())
    before = log.stat().st_size
    process.resume()

    wait_for(lambda: log.stat().st_size > before)


def test_a_paused_process_stops_in_an_orderly_way(run: Run, tmp_path: Path) -> None:
    process = run(ORDERLY)
    wait_for(lambda: "ready" in (tmp_path / "0.log").read_text())
    process.pause()

    process.stop(patience=10)

    assert "bye" in (tmp_path / "0.log").read_text()
    assert not process.alive()


def test_nothing_happens_to_a_process_that_is_gone(run: Run) -> None:
    process = run("")
    wait_for(lambda: not process.alive())

    process.pause()
    process.resume()
