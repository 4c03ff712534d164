"""A Slack app's side: configuration of an endpoint, and requests as Slack signs them."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from schemas.config import Secret
from schemas.keys import keyring

RECORDED: Final = Path(__file__).parents[1] / "ingest" / "webhook" / "adapters" / "slack"
SIGNING: Final = "8f742231b10e8888abcd99yyyzzz85a5"
KEYS: Final = {name: f"{name}-key-0123456789abcdef0123456789abcdef" for name in ("seal", "principal")}
TEAM: Final = "T0001ABCD"
USER: Final = "U2147483697"
PAYLOADS: Final = ("button", "dialog", "shortcut")
FORM: Final = "application/x-www-form-urlencoded"


def ring(name: str) -> Any:
    """The keys of a file of ours."""
    return keyring([KEYS[name].encode()])


def settings(**changes: Any) -> dict[str, Any]:
    """The ``slack`` part of an endpoint that lets the recorded person do everything."""
    keys = {f"{name}_key": Secret.from_env("K", {"K": value}) for name, value in KEYS.items()}
    return {"teams": [TEAM], "users": [USER], **keys, **changes}


def endpoint(*secrets: str, **changes: Any) -> dict[str, Any]:
    """An endpoint of type slack, with these signing secrets."""
    secret = Secret.from_env("S", {"S": "\n".join(secrets or (SIGNING,))})
    return {"type": "slack", "door": {"hmac": {"preset": "slack", "secret": secret}}, "slack": settings(**changes)}


def written(folder: Path) -> dict[str, Any]:
    """An endpoint as a configuration file has it; its secrets are put into ``folder``."""
    for name, secret in {**KEYS, "signing": SIGNING}.items():
        (folder / f"{name}.key").write_text(secret)
    door = {"hmac": {"preset": "slack", "secret_file": str(folder / "signing.key")}}
    keys = {f"{name}_key_file": str(folder / f"{name}.key") for name in KEYS}
    return {"type": "slack", "door": door, "slack": {"teams": [TEAM], "users": [USER], **keys}}


def recorded(name: str) -> dict[str, Any]:
    """The fields of a recorded command, or a recorded payload."""
    document: dict[str, Any] = orjson.loads((RECORDED / f"{name}.json").read_bytes())
    return document


def body(name: str, **changes: Any) -> bytes:
    """What Slack would send of it, with members changed, or left out where they are None."""
    document = {member: value for member, value in (recorded(name) | changes).items() if value is not None}
    fields = {"payload": orjson.dumps(document).decode()} if name in PAYLOADS else document
    return urlencode(fields).encode()


def headers(content: bytes, *, now: float, secret: str = SIGNING) -> dict[str, str]:
    """The headers of a signed request."""
    seconds = str(int(now))
    digest = hmac.digest(secret.encode(), b"v0:" + seconds.encode() + b":" + content, "sha256").hex()
    return {"Content-Type": FORM, "X-Slack-Request-Timestamp": seconds, "X-Slack-Signature": f"v0={digest}"}
