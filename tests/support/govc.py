"""A vCenter's state as govmomi's own client reads it: what our code did is not judged by our code."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ops.dev import cache, tool

if TYPE_CHECKING:
    from schemas.config import VcenterConfig

CACHE = Path(__file__).parents[2] / ".reflexarc" / "cache"
SOURCES = Path(__file__).parent / "govc"
PROGRAM = "govc"


class Govc:
    """Reads one vCenter, by a log-in for every question."""

    def __init__(self, config: VcenterConfig) -> None:
        username, password = config.account
        self._environ = {
            "HOME": os.devnull,
            "GOVC_URL": config.url,
            "GOVC_USERNAME": username,
            "GOVC_PASSWORD": password.reveal(),
            "GOVC_TLS_CA_CERTS": str(config.ca_file),
            "GOVC_PERSIST_SESSION": "false",
        }

    def read(self, kind: str, reference: str, path: str) -> Any:
        """A property of an object as govmomi writes it in JSON; None when it is unset."""
        given = self._run("object.collect", "-json", f"{kind}:{reference}", path)
        (found,) = orjson.loads(given) or [{"val": None}]
        value = found["val"]
        return value["_value"] if isinstance(value, dict) and "_value" in value else value

    def read_all(self, kind: str, *paths: str) -> list[dict[str, Any]]:
        """Properties of every object of a kind, by path, with its ``moref``; those that are unset are absent."""
        found = _documents(self._run("object.collect", "-json", "-type", kind, "/", *paths))
        return [
            {"moref": each["obj"]["value"], **{change["name"]: change["val"] for change in each["changeSet"]}}
            for each in found
        ]

    def messages(self, *kinds: str) -> list[str]:
        """The words of the last 1,000 events, of some kinds only where any is given."""
        chosen = [word for kind in kinds for word in ("-type", kind)]
        return [str(event["message"]) for event in _documents(self._run("events", "-json", "-n", "1000", *chosen))]

    def tags(self, kind: str, reference: str) -> list[str]:
        """Names of the tags that an object carries, sorted."""
        return sorted(orjson.loads(self._run("tags.attached.ls", "-json", "-r", f"{kind}:{reference}")) or ())

    def _run(self, *arguments: str) -> bytes:
        done = subprocess.run([_built(), *arguments], env=self._environ, capture_output=True, check=False)
        assert 0 == done.returncode, done.stderr.decode()
        return done.stdout


def _documents(text: bytes) -> list[Any]:
    """The JSON values that follow each other in a text."""
    decoder, rest, found = json.JSONDecoder(), text.decode().strip(), []
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].lstrip()
    return found


def _built() -> Path:
    """The program, built once for each version of its sources."""
    tool.require("go")
    CACHE.mkdir(parents=True, exist_ok=True)
    folder = cache.target(CACHE, PROGRAM, [SOURCES / name for name in ("go.mod", "go.sum", "main.go")])
    cache.ensure(folder, _build, lambda _: None)
    return folder / PROGRAM


def _build(folder: Path) -> None:
    tool.run(
        ["go", "build", "-mod=readonly", "-trimpath", "-buildvcs=false", f"-o={folder / PROGRAM}", "."],
        cwd=SOURCES,
        environ={**os.environ, "CGO_ENABLED": "0"},
    )
