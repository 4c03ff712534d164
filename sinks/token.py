"""A token that every request to a server needs: fetched when needed, and again once the server finds it void."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any, Final

from schemas.config.redact import remember
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from clients.http import Method
    from sinks.jsonapi import Answer, Deadline, JsonApi

PAUSE: Final = 5.0  # seconds between two tokens because somebody did not accept the first

_TOKEN: Final = re.compile(r"[!-~]{1,16384}")


class Token:
    """One token for all requests to a server, fetched by one request for all that wait.

    Args:
        api: the server.
        scheme: announces the token in the Authorization header.
        fetch: gets another one.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        api: JsonApi,
        scheme: str,
        fetch: Callable[[Deadline], Awaitable[str]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._scheme = scheme
        self._fetch = fetch
        self._clock = clock
        self._turn = asyncio.Lock()
        self._owner = object()  # of the tokens that logs have to blank
        self._token: str | None = None
        self._patience = float("-inf")

    async def get(self, deadline: Deadline) -> str:
        """The token; raises what ``fetch`` does."""
        async with self._turn:
            if self._token is None:
                token = await self._fetch(deadline)
                remember(token, owner=self._owner)
                self._token = token
            return self._token

    def take(self) -> str | None:
        """The token there is, which will not be used again."""
        token, self._token = self._token, None
        return token

    def header(self, token: str) -> tuple[str, str]:
        """How it is shown."""
        return "Authorization", f"{self._scheme} {token}"

    async def ask(self, method: Method, path: str, deadline: Deadline, body: Any = None) -> Answer:
        """As :meth:`JsonApi.ask`, with the token; with one that turns out to be void, once more with another one."""
        token = await self.get(deadline)
        answer = await self._api.ask(method, path, deadline, headers=[self.header(token)], body=body)
        if answer.status == 401 and self._forget(token):
            token = await self.get(deadline)
            answer = await self._api.ask(method, path, deadline, headers=[self.header(token)], body=body)
        return answer

    def _forget(self, token: str) -> bool:
        """Whether there will be another one: a server that accepts none would issue one for every event otherwise."""
        if token == self._token:
            now = self._clock()
            if now < self._patience:
                return False
            self._patience = now + PAUSE
            self._token = None
        return True


def token_in(answer: Answer, key: str, *, cure: str) -> str:
    """The token that an answer holds.

    Args:
        answer: a successful one.
        key: where.
        cure: for an answer without.

    Raises:
        Refused: there is none that a header can hold; the answer is not quoted.
    """
    token = answer.value.get(key) if isinstance(answer.value, dict) else None
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise Refused("the server answered without a token", cure=cure)
    return token
