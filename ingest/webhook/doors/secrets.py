"""The secrets that are right at this moment: one, or while one is changed two."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from schemas.config.redact import remember

if TYPE_CHECKING:
    from schemas.config import Secret


def current(secret: Secret) -> list[bytes]:
    """Every line of the secret, read anew; each is blanked in logs from now on. Empty lines open to nobody.

    Raises:
        Refused: it cannot be read.
    """
    lines = [line for line in secret.reveal().splitlines() if line]
    for number, line in enumerate(lines):
        remember(line, owner=(secret, number))
    return [line.encode("utf-8", "surrogateescape") for line in lines]


def knows(given: str, secret: Secret) -> bool:
    """Whether ``given`` is one of them; how long it takes says nothing about which, or how nearly.

    Bytes of a header that are not UTF-8 arrive as lone surrogates.
    """
    shown = given.encode("utf-8", "surrogateescape")
    return sum(hmac.compare_digest(shown, known) for known in current(secret)) > 0
