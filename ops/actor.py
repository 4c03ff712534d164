"""Who runs this process, for the audit."""

from __future__ import annotations

import getpass
import os
import pwd
import socket


def myself() -> str:
    """``user@host``, or ``uid N@host`` where the user has no name."""
    return f"{_user()}@{socket.gethostname()}"


def person() -> str:
    """``cli/user``: who runs this process by the operating system, whatever the environment says; for answers."""
    try:
        return f"cli/{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:  # a container has users without a name
        return f"cli/uid {os.getuid()}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
