"""Installing one of Debian's packages, without its service being started."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ops.dev import tool
from ops.dev.service import Report, Unobtainable

if TYPE_CHECKING:
    from collections.abc import Iterator

_POLICY = Path("/usr/sbin/policy-rc.d")
_APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2", "-q", "-y")


def install(package: str, report: Report) -> None:
    """Install ``package`` with what it depends on, and nothing it recommends.

    Raises:
        Unobtainable: this is no Debian, this user is not root, or apt-get failed or took too long.
    """
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Unobtainable(f"needs {package}: install it, or run as root on Debian")
    report(f"installing Debian's {package}, once")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _services_stay_stopped(_POLICY):
        tool.run([*_APT, "update"], environ=environ, limit=300)
        tool.run([*_APT, "install", "--no-install-recommends", package], environ=environ, limit=600)


@contextmanager
def _services_stay_stopped(policy: Path) -> Iterator[None]:
    """Have invoke-rc.d refuse to start services meanwhile; an operator's own policy stays in force."""
    try:
        with policy.open("x") as file:
            file.write("#!/bin/sh\n# by reflexarc dev up, for the time of one installation\nexit 101\n")
    except FileExistsError:
        yield
        return
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()
