"""Prometheus' own judge of rules: the one in PATH, or Debian's, unpacked beside our other downloads."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ops.dev import cache, tool
from ops.dev.service import Unobtainable

CACHE = Path(__file__).parents[2] / ".reflexarc" / "cache"
PACKAGE = "prometheus"


def promtool() -> Path:
    """The program; nothing is installed on the system.

    Raises:
        Unobtainable: it is not in PATH, and this is no Debian that could give it.
    """
    if found := shutil.which("promtool"):
        return Path(found)
    folder = CACHE / "promtool"
    CACHE.mkdir(parents=True, exist_ok=True)
    cache.ensure(folder, _unpack, lambda _: None)
    return folder / "promtool"


def _unpack(folder: Path) -> None:
    if shutil.which("apt-get") is None:
        raise Unobtainable("no promtool on this machine: install it, or use Debian")
    try:
        tool.run(["apt-get", "-q", "download", PACKAGE], cwd=folder)
    except Unobtainable:  # no list of packages yet
        tool.run(["apt-get", "-q", "update"])
        tool.run(["apt-get", "-q", "download", PACKAGE], cwd=folder)
    (package,) = folder.glob(f"{PACKAGE}_*.deb")
    contents = folder / "contents"
    tool.run(["dpkg-deb", "--extract", str(package), str(contents)])
    (contents / "usr" / "bin" / "promtool").rename(folder / "promtool")
    shutil.rmtree(contents)
    package.unlink()


def verdict(*arguments: str, cwd: Path) -> str:
    """What it says; empty when it finds nothing wrong."""
    done = subprocess.run([str(promtool()), *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
