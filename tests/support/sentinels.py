"""Secrets that a run is full of, every spelling in which one could leak, and the hunt for them."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# URLs, JSON, XML, shells and Python each write some of these in a way of their own; a header can hold them all.
AWKWARD = """/+&<"'%\\"""


class Sentinels:
    """Random secrets by name, each in a file of ``folder``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self.folder = folder
        self.values: dict[str, str] = {}

    def file(self, name: str) -> Path:
        """The file with the secret of that name; made at the first call."""
        path = self.folder / name
        if name not in self.values:
            self.values[name] = f"sentinel-{name}-{secrets.token_hex(6)}{AWKWARD}"
            path.write_text(self.values[name] + "\n")
        return path

    def value(self, name: str) -> str:
        """The secret of that name; made at the first call."""
        self.file(name)
        return self.values[name]

    def adopt(self, name: str, path: Path | str) -> None:
        """Hunt for a secret that somebody else has made."""
        with open(path) as file:  # noqa: PTH123 - a path as text is as good
            self.values[name] = file.read().strip()


def spellings(secret: str) -> set[bytes]:
    """The secret as it is, as URLs, JSON, Python and XML write it, and within any base64 text."""
    texts = {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        repr(secret.encode())[2:-1],
        escape(secret),
        escape(secret, {'"': "&quot;", "'": "&apos;"}),
    }
    return {text.encode() for text in texts} | _base64(secret.encode())


def leaks(evidence: Mapping[str, bytes], sentinels: Mapping[str, str]) -> list[str]:
    """``<secret> in <piece of evidence>`` for every leak."""
    wanted = {name: spellings(secret) for name, secret in sentinels.items()}
    return [
        f"{name} in {place}"
        for place, content in evidence.items()
        for name, spelled in wanted.items()
        if any(spelling in content for spelling in spelled)
    ]


def _base64(secret: bytes) -> set[bytes]:
    """What base64 text has in common whatever stands before and after the secret (``user:secret``), by alignment."""
    found = set()
    for before in range(3):
        padded = b"\0" * before + secret
        whole = len(padded) // 3 * 4  # characters that do not depend on what follows
        own = (before * 8 + 5) // 6  # characters that depend on what stands before
        found |= {encode(padded)[own:whole] for encode in (b64encode, urlsafe_b64encode)}
    return found
