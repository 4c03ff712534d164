"""Bytes as text in records: base64url without padding (RFC 4648, 5), in the one spelling that each has."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encode(content: bytes) -> str:
    """Return the text of ``content``."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes | None:
    """Return the bytes that ``text`` spells; None for every other spelling than :func:`encode`'s."""
    try:
        content = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    return content if encode(content) == text else None


def joined(*parts: bytes) -> bytes:
    """Return all parts as one, each behind its length: no other parts make the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
