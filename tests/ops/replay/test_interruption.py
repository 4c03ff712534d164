from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ops.cli import run
from ops.replay.bookmark import recall
from ops.replay.reader import MOST
from tests.ops.replay.history import PARTITIONS, History, at, power
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNT = 12_000
KILLS = 3
BEGIN = ("--from", at(0), "--sink", "functions", "--allow-side-effects", "--rate", "2000")

pytestmark = pytest.mark.stack


@pytest.fixture
def history(kafka: str, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.chdir(tmp_path)
    found = History(kafka, prefix)
    found.configure(Path("reflexarc.yaml"))
    assert 0 == run(["topics", "create"])
    return found


def start(arguments: Sequence[str]) -> subprocess.Popen[str]:
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-m", "ops", "replay", *arguments, "--json"]
    output = subprocess.PIPE
    return subprocess.Popen(command, stdout=output, stderr=output, text=True, env={"PYTHONPATH": root, "HOME": "/"})


def more_than(history: History, written: int, process: subprocess.Popen[str]) -> int:
    """Wait until a sink's topic holds more than that; how many it holds."""
    while (now := topics.ends(history.bootstrap, f"{history.prefix}.sink.functions")) <= written:
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    return now


def kept() -> Path:
    (path,) = Path().glob("replay-*.json")
    return path


def test_kills_in_the_middle_lose_nothing_and_repeat_a_batch_at_most(history: History) -> None:
    journal, written = history.fill(COUNT), 0
    arguments: Sequence[str] = BEGIN
    for _ in range(KILLS):
        process = start(arguments)
        written = more_than(history, written, process)
        process.kill()
        assert -signal.SIGKILL == process.wait()
        process.communicate()
        written = topics.ends(history.bootstrap, f"{history.prefix}.sink.functions")
        arguments = ("--resume", str(kept()))
    last = start(arguments)
    out, err = last.communicate()
    assert 0 == last.returncode, err
    ids, expected = history.ids("functions"), power(journal)
    repeated = sum(ids.values()) - len(ids)
    print(f"{KILLS} kills: {len(ids)} events, {repeated} repeated")  # noqa: T201 - shown with -s
    assert set(expected) == set(ids)
    assert repeated <= KILLS * MOST
    assert (COUNT, len(expected)) == (json.loads(out)["read"], json.loads(out)["written"]["functions"])
    assert [] == list(Path().glob("replay-*"))


def test_ctrl_c_leaves_a_file_says_how_to_go_on_and_repeats_nothing(history: History) -> None:
    journal = history.fill(COUNT)
    process = start(BEGIN)
    more_than(history, 0, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    path = kept()
    assert (1, False) == (process.returncode, json.loads(out)["complete"])
    assert f"reflexarc: interrupted — go on with `reflexarc replay --resume {path}`" == err.splitlines()[-1]
    assert 0 < json.loads(out)["read"] < COUNT
    assert 0 == run(["replay", "--resume", str(path)])
    assert power(journal) == history.ids("functions")
    told = [json.loads(each.data or b"") for each in history.audit()]
    assert [False, True] == [each["resumed"] for each in told if "resumed" in each]
    assert ["interrupted", "complete"] == [each["outcome"] for each in told if "outcome" in each]


def test_what_retention_deletes_meanwhile_is_counted(history: History, capfd: pytest.CaptureFixture[str]) -> None:
    history.fill(COUNT)
    process = start(BEGIN)
    more_than(history, 0, process)
    process.send_signal(signal.SIGINT)
    process.communicate()
    path = kept()
    spans = recall(path).spans
    for partition in range(PARTITIONS):
        if spans[partition].left:
            topics.delete_before(history.bootstrap, history.topic, partition, spans[partition].next + 5)
    gone = 5 * sum(span.left > 0 for span in spans.values())
    assert 1 == run(["replay", "--resume", str(path), "--json"])
    out, err = capfd.readouterr()
    told = json.loads(out[out.index("{") :])
    assert (gone, COUNT - gone, True) == (told["deleted"], told["read"], told["complete"])
    assert f"retention has deleted {gone} offsets before they were read" in err


def test_another_cluster_or_other_topics_are_refused(history: History, capfd: pytest.CaptureFixture[str]) -> None:
    history.fill(COUNT)
    process = start(BEGIN)
    more_than(history, 0, process)
    process.send_signal(signal.SIGINT)
    process.communicate()
    path, before = kept(), history.written()
    path.write_text(path.read_text().replace('"cluster": "', '"cluster": "x'))
    assert 1 == run(["replay", "--resume", str(path)])
    assert "go on with the configuration that it was begun with" in capfd.readouterr().err
    assert before == history.written()
