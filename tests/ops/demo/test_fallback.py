from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ops.demo.recording import keys
from ops.dev.recorded import PAGES
from tests.ops.demo.leftovers import leftovers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WITHIN = 100.0
POWER_OFFS = len(keys(PAGES))


def demo(folder: Path) -> subprocess.Popen[str]:
    """The demo on a machine that has Python and nothing else."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / "python3").symlink_to(sys.executable)
    return subprocess.Popen(
        [sys.executable, "-m", "ops", "demo", "--state", str(folder / "dev")],
        env={"HOME": str(folder), "PATH": str(programs)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def progress(process: subprocess.Popen[str], text: str) -> Iterator[str]:
    """Lines of progress up to the one that holds ``text``."""
    for line in process.stderr:
        yield line
        if text in line:
            return


def test_with_only_python_it_plays_recordings_and_says_what_is_missing(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        out, err = process.communicate(timeout=WITHIN)
    assert 0 == process.returncode, err
    for fallback in ("kafka: no java", "vc1: no go", "vc2: no go", "rabbitmq: not run: needs rabbitmq-server"):
        assert 1 == err.count(fallback)
    assert "No guarantee is shown here" in out
    assert "(b) not run: needs RabbitMQ" in out
    assert "(c) not run: needs Java" in out
    sent = 2 * 2 * POWER_OFFS  # two vCenters, two receivers
    assert f"sent {sent} delivered {sent} lost 0 duplicates 0" == out.splitlines()[-1]
    assert [] == leftovers(tmp_path)


@pytest.mark.parametrize(
    ("number", "moment"), [(signal.SIGTERM, "starting ingest"), (signal.SIGINT, "kafka: running at")]
)
def test_an_interrupted_demo_leaves_no_process_behind(tmp_path: Path, number: signal.Signals, moment: str) -> None:
    with demo(tmp_path) as process:
        seen = list(progress(process, moment))
        process.send_signal(number)
        _, err = process.communicate(timeout=WITHIN)
    assert moment in seen[-1]
    assert 130 == process.returncode, err
    assert "Traceback" not in err
    assert [] == leftovers(tmp_path)
