"""Names of context attributes, as filters may spell them."""

from __future__ import annotations

import re

_ATTRIBUTE = re.compile(r"[a-z][a-z0-9]*")


def valid_attribute(name: str) -> bool:
    """Whether an attribute can be called so (Knative: a letter first, then letters and digits, all lower-case)."""
    return _ATTRIBUTE.fullmatch(name) is not None
