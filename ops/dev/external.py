"""The user's own broker, vCenter or RabbitMQ in place of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ops.dev.state import Record, component_folder

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.plan import Wanted


def adopt(state: Path, cache: Path, wanted: Wanted) -> Record:
    """The record of a component that the user runs; a password in its URL goes to a file of its own, mode 0600."""
    endpoint, username, password = split_credentials(wanted.external or "")
    details = {"username": username} if username else {}
    if password:
        file = component_folder(state, wanted.name) / "external-password"
        file.touch(mode=0o600)
        file.write_text(password + "\n")
        details["password_file"] = str(file)
    return Record(wanted.name, wanted.kind, "external", str(cache), endpoint, details=details)


def split_credentials(address: str) -> tuple[str, str | None, str | None]:
    """An address without its credentials, the username and the password; ``host:port`` has none."""
    if "://" not in address:
        return address, None, None
    parts = urlsplit(address)
    public = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return public, _decoded(parts.username), _decoded(parts.password)


def _decoded(text: str | None) -> str | None:
    return unquote(text) if text else None
