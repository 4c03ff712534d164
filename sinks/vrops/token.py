"""The token that every request to Aria Operations needs: acquired, acquired again once it is void, released."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from schemas.config.redact import remember
from schemas.errors import DeliveryError, Refused, Unavailable, Unreachable
from sinks.jsonapi import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.http import Method
    from sinks.jsonapi import Answer, JsonApi
    from sinks.vrops.config import VropsConfig

PAUSE: Final = 5.0  # seconds between two tokens because somebody did not accept the first
FAREWELL: Final = 5.0  # seconds for its release

_TOKEN: Final = re.compile(r"[!-~]{1,16384}")


class Token:
    """One token for all requests of a sink.

    Args:
        config: the sink.
        api: the server.
        clock: seconds that only grow.
    """

    def __init__(self, config: VropsConfig, api: JsonApi, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._api = api
        self._clock = clock
        self._turn = asyncio.Lock()
        self._owner = object()  # of the tokens that logs have to blank
        self._token: str | None = None
        self._patience = float("-inf")

    async def acquire(self, deadline: Deadline) -> str:
        """The token.

        Raises:
            Refused: the server does not accept the account.
            Unavailable: it gives none now.
        """
        async with self._turn:
            if self._token is None:
                self._token = await self._fetch(deadline)
            return self._token

    async def ask(self, method: Method, path: str, deadline: Deadline, body: Any = None) -> Answer:
        """As :meth:`JsonApi.ask`, with the token; with one that turns out to be void, once more with another one.

        Raises:
            Refused, Unavailable: as ``acquire``.
        """
        token = await self.acquire(deadline)
        answer = await self._api.ask(method, path, deadline, headers=self._header(token), body=body)
        if answer.status == 401 and self._forget(token):
            token = await self.acquire(deadline)
            answer = await self._api.ask(method, path, deadline, headers=self._header(token), body=body)
        return answer

    async def release(self) -> None:
        """Give the token back, as far as the server still listens. May be called again."""
        token, self._token = self._token, None
        if token is None:
            return
        deadline = Deadline(min(FAREWELL, self._config.timeout))
        with suppress(Unreachable, DeliveryError):
            await self._api.ask("POST", "/api/auth/token/release", deadline, headers=self._header(token))

    def _header(self, token: str) -> list[tuple[str, str]]:
        return [("Authorization", f"{self._config.token_scheme} {token}")]

    def _forget(self, token: str) -> bool:
        """Whether there will be another one: a server that accepts none would issue one for every event otherwise."""
        if token == self._token:
            now = self._clock()
            if now < self._patience:
                return False
            self._patience = now + PAUSE
            self._token = None
        return True

    async def _fetch(self, deadline: Deadline) -> str:
        config = self._config
        account = {"username": config.username, "password": config.password.reveal()}
        if config.auth_source is not None:
            account["authSource"] = config.auth_source
        try:
            answer = await self._api.ask("POST", "/api/auth/token/acquire", deadline, body=account)
        except Unreachable as error:
            raise Unavailable(f"no token: {error}") from None
        if answer.status in {400, 401, 403}:
            what = f"Aria Operations does not accept the account ({answer.status})"
            raise Refused(what, cure="check username, password_file and auth_source")
        if answer.status != 200:
            raise Unavailable(f"no token: Aria Operations answered {answer.status}", status=str(answer.status))
        token = answer.value.get("token") if isinstance(answer.value, dict) else None
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise Refused("Aria Operations answered without a token", cure="check url")
        remember(token, owner=self._owner)
        return token
