"""What a door asks for, as OpenAPI names it: security schemes, which say how to prove who one is and hold no secret.

What is no header of a request has none: an address, and a token in the path, which the path itself shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ingest.webhook.doors.signature import header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import Secret
    from schemas.config.webhook import DoorConfig


class SecurityScheme(NamedTuple):
    """One proof.

    Attributes:
        name: the same for the same proof, of letters, digits and ``-``.
        object: OpenAPI 3.1's Security Scheme Object.
    """

    name: str
    object: dict[str, str]


BEARER = SecurityScheme("bearer", {"type": "http", "scheme": "bearer"})
BASIC = SecurityScheme("basic", {"type": "http", "scheme": "basic"})
CERTIFICATE = SecurityScheme("certificate", {"type": "mutualTLS"})


def schemes(config: DoorConfig | None, otherwise: Secret | None) -> tuple[SecurityScheme, ...]:
    """All that a sender must show together; ``otherwise`` is the server's token, for a door that is not written."""
    if config is None:
        return (BEARER,) if otherwise else ()
    return tuple(_schemes(config))


def _schemes(config: DoorConfig) -> Iterator[SecurityScheme]:
    if config.certificates:
        yield CERTIFICATE
    if config.token:
        yield BEARER
    if config.username is not None:
        yield BASIC
    if config.hmac:
        name = header(config.hmac)
        yield SecurityScheme(f"signature-{name}", {"type": "apiKey", "in": "header", "name": name})
