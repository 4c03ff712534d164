"""A Faust stream that acknowledges through the consumer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from faust import Stream as FaustStream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator


class Stream(FaustStream[Any]):
    """Iterates in Python: the compiled iterator books into Faust's own offset tracking behind the consumer's back."""

    def __aiter__(self) -> AsyncIterator[Any]:
        iterator = cast("AsyncGenerator[Any, None]", self._py_aiter())
        self._active_agens.add(iterator)
        return iterator
