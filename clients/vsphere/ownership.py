"""What a machine's extra configuration says of whose it is, and by which of our actions it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER: Final = "reflexarc.owner"
"""Key of the person it was made for, in the words of whoever asked."""

LEASE: Final = "reflexarc.lease"
"""Key of the end of its lease, RFC 3339."""

ACTION: Final = "reflexarc.action"
"""Key of the id of the action that has made it."""


def path(key: str) -> str:
    """The property path of one value of the extra configuration: all of it would be kilobytes."""
    return f'config.extraConfig["{key}"]'


def text(values: Mapping[str, Any], key: str) -> str | None:
    """One of them.

    Args:
        values: with ``path(key)`` where it is set.
        key: one of the above.

    Returns:
        None when it is unset or empty.
    """
    found = values.get(path(key))
    return str(found.value) or None if found is not None else None
