from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bench.process import Meter, children, usage
from schemas.errors import ReflexarcError

BURN = "import time, sys\nwhile time.process_time() < 0.3: pass\nprint('burnt', flush=True)\nsys.stdin.read()"


def test_a_meter_reads_what_a_process_burns_between_two_moments() -> None:
    with subprocess.Popen([sys.executable, "-c", BURN], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as burner:
        meter = Meter({"burner": [burner.pid], "nobody": []})
        assert burner.stdout is not None
        assert b"burnt\n" == burner.stdout.readline()
        used = meter.read()
        burner.communicate()
    assert 0.2 <= used["burner"].cpu <= 0.5
    assert used["burner"].peak > 1 << 20
    assert 0 == used["nobody"].cpu


def test_an_ended_process_is_said_to_have_ended() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(ReflexarcError, match="ended while it was measured"):
        usage(process.pid)
    process.wait()


def test_children_are_those_that_run_now() -> None:
    with subprocess.Popen([sys.executable, "-c", BURN], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        assert child.pid in children(os.getpid())
        child.communicate()
    assert child.pid not in children(os.getpid())
