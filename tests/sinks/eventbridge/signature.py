"""Whether a request carries the signature that its own words and a secret make (Signature Version 4)."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tests.sinks.destination import Received

KEY = "AKIDEXAMPLE"
_FORM = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>\w+)/(?P<day>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>\w+)/aws4_request,"
    r" ?SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


def is_signed(received: Received, secret: str, service: str, region: str) -> bool:
    form = _FORM.fullmatch(received.header("Authorization") or "")
    if form is None or (KEY, region, service) != (form["key"], form["region"], form["service"]):
        return False
    names = form["headers"].split(";")
    if "host" not in names or "x-amz-date" not in names:
        return False
    parts = urlsplit(received.path)
    digest = received.header("X-Amz-Content-SHA256") or hashlib.sha256(received.body).hexdigest()
    lines = [f"{name}:{' '.join((received.header(name) or '').split())}" for name in names]
    request = "\n".join((received.method, parts.path, parts.query, *lines, "", form["headers"], digest))
    scope = f"{form['day']}/{region}/{service}/aws4_request"
    stamp = received.header("X-Amz-Date") or ""
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for word in (form["day"], region, service, "aws4_request"):
        key = hmac.digest(key, word.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), form["signature"])
