"""Addresses in the original, as ours may spell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from schemas.config import Fault
from schemas.config.address import is_loopback, parse_url

if TYPE_CHECKING:
    from ops.imports.original import Original
    from schemas.config.document import Document, Path

PLACEHOLDER = "http://127.0.0.1:8080"


def url(given: str, original: Original, document: Document, at: Path, *, scheme: str | None = None) -> str:
    """An http or https address; a fault is noted when it is none, and a placeholder given.

    Args:
        given: as it was written.
        original: takes the fault.
        document: where it stands.
        at: the path there.
        scheme: put in front when there is none.
    """
    text = given.strip() if "://" in given or scheme is None else f"{scheme}://{given.strip()}"
    try:
        return parse_url(text)
    except Fault as fault:
        original.fault(document, at, fault.what, fault.cure)
        return PLACEHOLDER


def host(address: str) -> str:
    """The host of an address."""
    return urlsplit(address).hostname or ""


def in_the_clear(address: str) -> bool:
    """Whether what goes there can be read on its way over the network."""
    return urlsplit(address).scheme == "http" and not is_loopback(host(address))


def is_true(value: Any) -> bool:
    """The switch of the first generation, whose values are texts."""
    return isinstance(value, str) and value == "true"
