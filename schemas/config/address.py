"""Where things listen and answer: ``host:port`` pairs and http(s) URLs."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, WithJsonSchema

from schemas.config.fault import Fault

_ENDPOINT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5})")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")


def split_endpoint(text: str) -> tuple[str, int]:
    """Host and port of ``host:port`` or ``[ipv6]:port``.

    Raises:
        Fault: the text is neither, or the port is above 65535.
    """
    match = _ENDPOINT.fullmatch(text)
    if match is None or int(match[3]) > 65_535:
        raise Fault("is not host:port", "write it as 127.0.0.1:9092 or [::1]:9092")
    return match[1] or match[2], int(match[3])


def is_loopback(host: str) -> bool:
    """Whether ``host`` can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def parse_url(value: Any) -> str:
    """An absolute http or https URL without credentials, query and fragment.

    Raises:
        Fault: it is anything else. The text is never quoted: it may hold a password.
    """
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Fault("is not an http or https URL", "write it as https://host:port/path")
    if parts.username is not None or parts.password is not None:
        raise Fault("holds credentials", "remove them from the URL and use the fields made for secrets")
    if parts.query or parts.fragment:
        raise Fault("has a query or fragment", "end the URL after its path")
    return parts.geturl()


def _split(value: Any) -> SplitResult | None:
    if not isinstance(value, str) or _UNPRINTABLE.search(value):
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port  # urlsplit reads the port only when asked
    except ValueError:
        return None
    return parts


def _proxy(value: Any) -> str:
    parts = urlsplit(parse_url(value))
    if parts.scheme != "http" or parts.path not in {"", "/"}:
        raise Fault(
            "is not the address of a CONNECT proxy",
            "write http://host:port; what goes through it stays encrypted to its end",
        )
    return f"http://{parts.netloc}"


Proxy = Annotated[str, BeforeValidator(_proxy), WithJsonSchema({"type": "string", "pattern": "^http://[^@?#/]+/?$"})]
"""``http://host:port`` of a proxy that knows CONNECT."""

HttpUrl = Annotated[
    str, BeforeValidator(parse_url), WithJsonSchema({"type": "string", "pattern": "^https?://[^@?#]+$"})
]
"""URL without credentials, as text."""
