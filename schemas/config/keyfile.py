"""A file of keys that processes share."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from schemas.config.fault import Fault
from schemas.config.secret import Secret
from schemas.errors import Refused
from schemas.keys import Key, keyring


def ring(secret: Secret) -> tuple[Key, ...]:
    """The keys that it holds now.

    Raises:
        Refused: it holds none, or one that is too short.
    """
    return keyring([line.encode() for line in secret.reveal().splitlines() if line])


def _key(secret: Secret) -> Secret:
    try:
        ring(secret)
    except Refused as refused:
        raise Fault("is too short for a key", refused.cure or "") from None
    return secret


KeyFile = Annotated[Secret, AfterValidator(_key)]
"""Keys, one a line."""
