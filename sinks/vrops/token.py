"""The token of Aria Operations: acquired with the account, released at the end."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from schemas.errors import DeliveryError, Refused, Unavailable, Unreachable
from sinks.jsonapi import Deadline
from sinks.token import Token, token_in

if TYPE_CHECKING:
    from sinks.jsonapi import JsonApi
    from sinks.vrops.config import VropsConfig

FAREWELL: Final = 5.0  # seconds for its release


class OperationsToken(Token):
    """One token for all requests of a sink.

    Args:
        config: the sink.
        api: the server.
    """

    def __init__(self, config: VropsConfig, api: JsonApi) -> None:
        super().__init__(api, config.token_scheme, self._acquire)
        self._config = config

    async def release(self) -> None:
        """Give the token back, as far as the server still listens. May be called again."""
        token = self.take()
        if token is None:
            return
        deadline = Deadline(min(FAREWELL, self._config.timeout))
        with suppress(Unreachable, DeliveryError):
            await self._api.ask("POST", "/api/auth/token/release", deadline, headers=[self.header(token)])

    async def _acquire(self, deadline: Deadline) -> str:
        """Another token.

        Raises:
            Refused: the server does not accept the account.
            Unavailable: it gives none now.
        """
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
        return token_in(answer, "token", cure="check url")
