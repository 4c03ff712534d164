"""A recording on the same way as a vCenter: exactly once, however often it is played or killed."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

from ingest.vcenter import decode_page
from ingest.vcenter.position.restore import restore
from ingest.vcenter.recording import player as module
from ingest.vcenter.recording.header import Header
from ingest.vcenter.recording.pages import Writer
from ingest.vcenter.recording.played import Played
from ingest.vcenter.recording.player import Player
from schemas import topics
from schemas.config import VcenterConfig
from schemas.errors import Refused
from tests.ingest.vcenter.pages import event, page
from tests.support.topics import everything
from tests.support.vcenter import ingest, installation, keys, read, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.stack

POWER = Path(__file__).parents[3] / "fixtures" / "vcenter-json" / "page_1000_vm_power.xml.gz"
KEYS = sorted(each.key for each in decode_page(gzip.decompress(POWER.read_bytes())))


def record(path: Path, *bodies: bytes, **fields: str) -> Path:
    with Writer(path) as writer:
        writer.header(Header(vcenter="vc7", instance_uuid="4c", api_version="8.0.2.0", **fields))
        for body in bodies:
            writer.page(body)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return record(tmp_path / "vc7.pages.gz", gzip.decompress(POWER.read_bytes()))


@pytest.fixture
def config(kafka: str, prefix: str, tmp_path: Path) -> Path:
    return installation(tmp_path, kafka, prefix, {})


@pytest.fixture
def play(config: Path, file: Path) -> Callable[..., None]:
    """Plays a recording in this process."""

    def once(path: Path = file, **options: object) -> None:
        given = {"name": "vc7", "again": False, "rate": None, "stop": threading.Event()} | options
        Player(read(config), path, **given).run()

    return once


def ids(kafka: str, prefix: str) -> list[str]:
    """Ids of the vCenters' own events."""
    headers = [dict(record.headers()) for record in everything(kafka, topics.events(prefix))]
    return [each["ce_id"].decode() for each in headers if each["ce_type"].startswith(b"com.vmware.")]


def test_every_event_of_a_recording_is_in_kafka_once_however_often_it_is_played(
    play: Callable[..., None], kafka: str, prefix: str
) -> None:
    play()
    play()
    assert [f"vc7/0/{key}" for key in KEYS] == sorted(ids(kafka, prefix))


def test_what_is_left_out_the_second_time_is_counted(play: Callable[..., None]) -> None:
    play()
    before = Played.under("vc7")
    play()
    after = Played.under("vc7")
    assert (0, len(KEYS)) == (after.events - before.events, after.duplicates - before.duplicates)


def test_played_again_on_demand_the_same_events_have_the_same_ids(
    play: Callable[..., None], kafka: str, prefix: str
) -> None:
    play()
    play(again=True)
    assert sorted([f"vc7/0/{key}" for key in KEYS] * 2) == sorted(ids(kafka, prefix))


def test_a_recording_with_keys_that_started_anew_is_played_once_too(
    play: Callable[..., None], kafka: str, prefix: str, tmp_path: Path
) -> None:
    def at(key: int, minute: int) -> str:
        base = f"<key>{key}</key><chainId>1</chainId><createdTime>2026-11-20T09:{minute:02}:00Z</createdTime>"
        return event("VmPoweredOnEvent", base=base + "<userName>root</userName>")

    path = record(
        tmp_path / "reset", page(*(at(500 + n, n) for n in range(5))), page(*(at(1 + n, 10 + n) for n in range(5)))
    )
    play(path)
    play(path)
    assert sorted([*(f"vc7/0/{500 + n}" for n in range(5)), *(f"vc7/1/{1 + n}" for n in range(5))]) == sorted(
        ids(kafka, prefix)
    )


def test_an_event_says_that_it_was_played_and_what_wrote_it(play: Callable[..., None], kafka: str, prefix: str) -> None:
    play()
    headers = dict(everything(kafka, topics.events(prefix))[0].headers())
    assert (b"recorded:vc7", b"8.0.2.0") == (headers["ce_source"], headers["ce_vsphereapiversion"])


def test_a_page_that_cannot_be_decoded_is_a_dead_letter_and_the_others_pass(
    play: Callable[..., None], kafka: str, prefix: str, tmp_path: Path
) -> None:
    good = gzip.decompress(POWER.read_bytes())
    play(record(tmp_path / "mixed", b"<no page", good, b"<nor this"))
    letters = everything(kafka, topics.dead_letter(prefix, topics.UNDECODABLE))
    assert KEYS == keys(kafka, prefix, "vc7")
    assert {b"<no page", b"<nor this"} == {letter.value() for letter in letters}


def test_what_is_followed_cannot_be_played_over(
    kafka: str, vcenters: dict[str, VcenterConfig], prefix: str, tmp_path: Path, file: Path
) -> None:
    config = read(installation(tmp_path, kafka, prefix, {"vc1": vcenters["vc1"]}))
    with pytest.raises(Refused, match="vc1 is a vCenter that is followed") as refusal:
        Player(config, file, name="vc1", again=False, rate=None, stop=threading.Event())
    assert "--as" in str(refusal.value.cure)


def test_a_recording_of_the_configuration_is_not_played_while_an_ingest_runs(
    kafka: str, prefix: str, tmp_path: Path, file: Path
) -> None:
    recorded = VcenterConfig.model_validate({"name": "vc7", "url": f"recorded:{file}"})
    path = installation(tmp_path, kafka, prefix, {"vc7": recorded})
    player = Player(read(path), file, name="vc7", again=False, rate=None, stop=threading.Event())
    with ingest(path), pytest.raises(Refused, match="an ingest is running") as refusal:
        player.run()
    assert "--as" in str(refusal.value.cure)


def test_a_name_that_no_vcenter_may_have_is_refused(config: Path, file: Path) -> None:
    with pytest.raises(Refused, match="cannot be the name"):
        Player(read(config), file, name="a/b", again=False, rate=None, stop=threading.Event())


def test_another_server_under_the_same_name_is_refused(play: Callable[..., None], tmp_path: Path) -> None:
    play()
    other = tmp_path / "other"
    with Writer(other) as writer:
        writer.header(Header(vcenter="vc7", instance_uuid="4d"))
        writer.page(page())
    with pytest.raises(Refused, match="is another server than before"):
        play(other)


def test_a_recording_that_is_damaged_behind_its_beginning_ends_with_the_reason(
    play: Callable[..., None], kafka: str, prefix: str, file: Path
) -> None:
    file.write_bytes(file.read_bytes() + b"no gzip")
    with pytest.raises(Refused, match="cannot be read"):
        play()
    assert KEYS == keys(kafka, prefix, "vc7")


def test_it_plays_no_faster_than_it_was_told_to(
    play: Callable[..., None], monkeypatch: pytest.MonkeyPatch, kafka: str, prefix: str
) -> None:
    now = [0.0]

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            now[0] += timeout or 0.0
            return False

    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    play(rate=100.0, stop=Stop())
    assert KEYS == keys(kafka, prefix, "vc7")
    assert pytest.approx(10.0) == now[0]


def test_asked_to_stop_it_goes_on_there_the_next_time(play: Callable[..., None], kafka: str, prefix: str) -> None:
    class Stop(threading.Event):
        def wait(self, _timeout: float | None = None) -> bool:
            self.set()  # after the first transaction
            return True

    play(rate=100.0, stop=Stop())
    begun = len(keys(kafka, prefix, "vc7"))
    play()
    assert 0 < begun < len(KEYS)
    assert KEYS == keys(kafka, prefix, "vc7")


def command(config: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ops", "--config", str(config), "ingest", "play", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[4],
    )


@pytest.mark.parametrize("mutation", [[], ["--again"]], ids=["", "without its checkpoint"])
def test_killed_while_it_plays_it_loses_and_doubles_nothing(
    config: Path, file: Path, kafka: str, prefix: str, mutation: list[str]
) -> None:
    with command(config, str(file), "--rate", "50") as process:
        wait_for(lambda: keys(kafka, prefix, "vc7"))
        os.kill(process.pid, signal.SIGKILL)
    assert len(keys(kafka, prefix, "vc7")) < len(KEYS)
    with command(config, str(file), *mutation) as process:
        _, err = process.communicate(timeout=60)
    assert 0 == process.returncode, err
    assert (KEYS == keys(kafka, prefix, "vc7")) == (not mutation)


def test_the_command_tells_what_it_has_done(config: Path, tmp_path: Path) -> None:
    body = page(event("BrandNewEvent"), event("VmPoweredOnEvent", base="<key>8</key>"), event("VmPoweredOnEvent"))
    with command(config, str(record(tmp_path / "file", body, b"<no page")), "--json", "--as", "lab") as process:
        out, err = process.communicate(timeout=60)
    assert 0 == process.returncode, err
    assert {
        "vcenter": "lab",
        "events": 2,
        "duplicates": 1,
        "dead_letters": 1,
        "missing": 0,
        "unknown": {"event BrandNewEvent": 1},
    } == orjson.loads(out)


def test_it_disturbs_no_ingest(
    kafka: str, vcenters: dict[str, VcenterConfig], prefix: str, tmp_path: Path, file: Path
) -> None:
    config = installation(tmp_path, kafka, prefix, {"vc1": vcenters["vc1"]})
    with ingest(config) as running:
        Player(read(config), file, name="vc7", again=False, rate=None, stop=threading.Event()).run()
        assert running.process.poll() is None
        assert {"vc1", "vc7"} == set(restore(read(config).kafka))
        assert 0 == running.end()
    assert KEYS == keys(kafka, prefix, "vc7")
