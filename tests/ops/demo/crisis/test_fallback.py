from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.ops.demo.leftovers import leftovers

if TYPE_CHECKING:
    from pathlib import Path


def test_with_only_python_it_says_what_is_missing(tmp_path: Path) -> None:
    (programs := tmp_path / "bin").mkdir()
    (programs / "python3").symlink_to(sys.executable)
    done = subprocess.run(
        [sys.executable, "-m", "ops", "demo", "crisis", "--state", str(tmp_path / "dev")],
        env={"HOME": str(tmp_path), "PATH": str(programs)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    assert 5 == done.stdout.count("not run: needs Java and Maven for Kafka")
    assert "stories 5 true 0 failed 0 not run 5" == done.stdout.splitlines()[-1]
    assert [] == leftovers(tmp_path)
