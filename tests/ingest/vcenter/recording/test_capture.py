from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.logins import Logins
from clients.vsphere.session import Session
from ingest.vcenter import decode_page
from ingest.vcenter.feeds import collector
from ingest.vcenter.recording import capture as module
from ingest.vcenter.recording.capture import Capture
from ingest.vcenter.recording.pages import Writer, header, pages
from schemas.errors import Refused
from tests.support.vcenter import installation, post, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack

Vcenters = dict[str, "VcenterConfig"]


@contextmanager
def capturing(config: VcenterConfig, file: Path, limit: int | None = None) -> Iterator[Capture]:
    """A recording in the making, in a thread; its failure is the test's."""
    stop = threading.Event()
    with Writer(file) as writer, ThreadPoolExecutor(1) as pool:
        capture = Capture(config, Logins(), writer, limit=limit)
        end = pool.submit(capture.run, stop)
        try:
            wait_for(lambda: end.done() or (file.stat().st_size > 0))
            yield capture
        finally:
            stop.set()
            end.result(30)


def said(file: Path, sent: list[str]) -> list[str]:
    """Messages of the user events in a recording, each once, in order: of those we have sent."""
    found: dict[int, str] = {}
    for body in pages(file):
        for event in decode_page(body):
            if event.name == "GeneralUserEvent":
                found.setdefault(event.key, event.data.partition(b'"Message":"')[2].partition(b'"')[0].decode())
    return [message for message in found.values() if message in sent]


def test_what_the_vcenter_sends_is_kept_as_it_came(vcenters: Vcenters, tmp_path: Path) -> None:
    sent = [f"captured {number}" for number in range(50)]
    file = tmp_path / "vc1.pages.gz"
    config = vcenters["vc1"].model_copy(update={"page": 20})
    with capturing(config, file), Session(config) as session:
        post(session, sent)
        wait_for(lambda: said(file, sent) == sent)
        about = session.about
    assert ("vc1", about.instanceUuid, about.apiVersion) == (
        header(file).vcenter,
        header(file).instance_uuid,
        header(file).api_version,
    )
    assert all(body.startswith(b"<?xml") for body in pages(file))


def test_an_idle_vcenter_adds_nothing(vcenters: Vcenters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = vcenters["vc1"].model_copy(update={"poll": 0.001})
    read, asked = collector.EventCollector.page, []

    def count(self: collector.EventCollector, limit: int) -> bytes:
        asked.append(limit)
        return read(self, limit)

    monkeypatch.setattr(collector.EventCollector, "page", count)
    with capturing(config, tmp_path / "file") as capture:
        wait_for(lambda: len(asked) > 10)
    assert capture.pages <= 2  # our own log-in


def test_a_lost_session_costs_no_event(vcenters: Vcenters, tmp_path: Path) -> None:
    sent = [f"survivor {number}" for number in range(20)]
    file = tmp_path / "file"
    with capturing(vcenters["vc1"], file), Session(vcenters["vc1"]) as session:
        post(session, sent[:10])
        wait_for(lambda: said(file, sent) == sent[:10])
        others = [other.key for other in session.content.sessionManager.sessionList if other.key != session.key]
        session.content.sessionManager.TerminateSession(others)
        post(session, sent[10:])
        wait_for(lambda: said(file, sent) == sent)
    assert gzip.decompress(file.read_bytes()).count(b'"recording":1') == 2


def test_it_ends_with_the_last_page_that_was_wanted(vcenters: Vcenters, tmp_path: Path) -> None:
    config = vcenters["vc1"].model_copy(update={"page": 2, "start_from": 3600.0})
    with capturing(config, tmp_path / "file", limit=3) as capture, Session(config) as session:
        post(session, ["one", "two", "three", "four", "five", "six"])
        wait_for(lambda: capture.pages == 3)
    assert (3, 6) == (len(list(pages(tmp_path / "file"))), capture.events)


def test_now_and_then_it_says_how_far_it_is(
    vcenters: Vcenters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(module, "WORD", 0.0)
    with capturing(vcenters["vc1"], tmp_path / "file"), Session(vcenters["vc1"]) as session:
        post(session, ["a word"])
        wait_for(lambda: "pages, " in caplog.text)


def test_a_page_that_cannot_be_decoded_is_kept_all_the_same(
    vcenters: Vcenters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(body: bytes) -> object:
        if b"bad page" in body:
            raise TypeError("surprise")
        return decode_page(body)

    monkeypatch.setattr(collector, "decode_page", stumble)
    with capturing(vcenters["vc1"], tmp_path / "file") as capture, Session(vcenters["vc1"]) as session:
        post(session, ["bad page"])
        wait_for(lambda: capture.pages > 0)
        assert "surprise" in caplog.text
    assert ["bad page"] == said(tmp_path / "file", ["bad page"])


def test_a_refused_password_ends_it_at_once_and_leaves_no_file(vcenters: Vcenters, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("not the password")
    given = vcenters["vc1"].model_dump(exclude={"password", "recording"}) | {"password_file": tmp_path / "password"}
    wrong = type(vcenters["vc1"]).model_validate(given)
    with Writer(tmp_path / "file") as writer, pytest.raises(Refused, match="refused the user name"):
        Capture(wrong, Logins(), writer).run(threading.Event())
    assert not (tmp_path / "file").exists()


def command(config: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ops", "--config", str(config), "record", "vcenter", "vc1", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[4],
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_is_ended_the_file_can_be_played(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path, number: signal.Signals
) -> None:
    config = installation(tmp_path, kafka, prefix, {"vc1": vcenters["vc1"]})
    file, sent = tmp_path / "vc1.pages.gz", [f"before {number.name}"]
    with command(config, "--to", str(file)) as process, Session(vcenters["vc1"]) as session:
        wait_for(lambda: file.exists() and file.stat().st_size > 0)
        post(session, sent)
        wait_for(lambda: said(file, sent) == sent)
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=30)
    assert sent == said(file, sent)
    if number != signal.SIGKILL:
        assert 0 == process.returncode, err
        assert "events of vc1" in out
        assert "recording what it has logged since" in err


def test_it_keeps_no_secret(kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path) -> None:
    config = installation(tmp_path, kafka, prefix, {"vc1": vcenters["vc1"]})
    file = tmp_path / "vc1.pages.gz"
    with command(config, "--to", str(file), "--pages", "1", "--start-from", "1h") as process:
        out, err = process.communicate(timeout=30)
    assert 0 == process.returncode, err
    assert "1 pages" in out
    kept = gzip.decompress(file.read_bytes())
    assert vcenters["vc1"].account.password.reveal().encode() not in kept
    assert b"LoginResponse" not in kept
