"""Who runs this process, for the audit."""

from __future__ import annotations

import getpass
import os
import socket


def myself() -> str:
    """``user@host``, or ``uid N@host`` where the user has no name."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container has users without a name
        user = f"uid {os.getuid()}"
    return f"{user}@{socket.gethostname()}"
