"""An address that is a secret: who knows it may post there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from schemas.errors import Refused

if TYPE_CHECKING:
    from schemas.config import Secret


def secret_url(secret: Secret) -> str:
    """The URL that a secret holds; it may have a query.

    Raises:
        Refused: the secret is gone, or is no URL; its text is not quoted.
    """
    text = secret.reveal()
    try:
        parts = urlsplit(text)
        _ = parts.port  # read only when asked
    except ValueError:
        parts = urlsplit("")
    whole = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None and not parts.fragment
    if not whole or not (text.isascii() and text.isprintable() and " " not in text):
        raise Refused("the secret address is not an http or https URL", cure="store https://host/path there")
    return text
