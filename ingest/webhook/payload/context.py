"""What a payload says of all its alerts, added to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from ingest.webhook.payload import document

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST: Final = 16 * 2**20
"""Bytes that all copies of a context may have together: a body of 1 MiB could ask for gigabytes of them."""


class Context:
    """The members of a payload beside its list, as one member of the data of every event.

    Args:
        name: name of that member; it takes the place of one of the same name.
        members: what it holds. When all copies together would be larger than :data:`LARGEST`, it is null.
        copies: how many events there will be.
    """

    def __init__(self, name: str, members: Mapping[str, Any], *, copies: int) -> None:
        text = document.write(members)
        self._name = name
        self._text = orjson.Fragment(text if len(text) * copies <= LARGEST else b"null")

    def around(self, members: Mapping[str, Any]) -> bytes:
        """Return ``members`` and the context as compact JSON."""
        return document.write({**members, self._name: self._text})
