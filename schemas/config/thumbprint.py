"""The fingerprint that one certificate is known by."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from schemas.config.fault import Fault

_HEX: Final = re.compile(r"[0-9a-f]*")

SHA1: Final = 40
SHA256: Final = 64
"""Hexadecimal digits of a fingerprint."""

TAKE: Final = "take that of `openssl x509 -noout -fingerprint -sha256`"


def _thumbprint(value: Any) -> str:
    digits = value.replace(":", "").lower() if isinstance(value, str) else ""
    if len(digits) == SHA1 and _HEX.fullmatch(digits):
        raise Fault("is a SHA-1 fingerprint, which a forged certificate can have too", TAKE)
    if len(digits) != SHA256 or not _HEX.fullmatch(digits):
        raise Fault("is no SHA-256 fingerprint: 64 hexadecimal digits, with or without colons", TAKE)
    return digits


Thumbprint = Annotated[
    str,
    BeforeValidator(_thumbprint),
    WithJsonSchema({"type": "string", "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$"}),
]
"""SHA-256 of a certificate in DER: 64 lower-case hexadecimal digits, without the colons it may be written with."""
