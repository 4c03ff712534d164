"""Who we are at Orchestrator: an account with every request, or a token of Aria Automation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from clients.http import Channel
from schemas.errors import Refused, Unavailable, Unreachable
from sinks.authorization import Authorization
from sinks.jsonapi import JsonApi
from sinks.token import Token, token_in

if TYPE_CHECKING:
    from clients.http import Client, Method
    from schemas.config import Secret
    from sinks.jsonapi import Answer, Deadline
    from sinks.vro.config import VroConfig


class Speaker(Protocol):
    """Asks in our name."""

    async def ask(self, method: Method, path: str, deadline: Deadline, body: Any = None) -> Answer:
        """As :meth:`JsonApi.ask`.

        Raises:
            Refused: our secrets are gone, or not accepted where tokens come from.
            Unavailable: no token is to be had now.
        """


def speaker(config: VroConfig, http: Client) -> Speaker:
    """Who speaks to the Orchestrator of ``config``."""
    channel = Channel(None if config.ca_file is None else str(config.ca_file), not config.insecure)
    api = JsonApi(config.service, channel, http)
    if config.auth == "basic":
        return _Account(config, api)
    return Token(api, "Bearer", _Issuer(config, JsonApi(config.issuer, channel, http)).fetch)


class _Account:
    def __init__(self, config: VroConfig, api: JsonApi) -> None:
        self._api = api
        self._authorization = Authorization(username=config.username, password=config.password)

    async def ask(self, method: Method, path: str, deadline: Deadline, body: Any = None) -> Answer:
        return await self._api.ask(method, path, deadline, headers=self._authorization.headers(), body=body)


class _Issuer:
    """Where tokens come from: a refresh token, which the account gets unless it is configured, gets the token."""

    def __init__(self, config: VroConfig, api: JsonApi) -> None:
        self._config = config
        self._api = api

    async def fetch(self, deadline: Deadline) -> str:
        refresh = await self._refresh_token(deadline)
        answer = await self._ask("/iaas/api/login", deadline, {"refreshToken": refresh})
        return token_in(answer, "token", cure="check auth_url")

    async def _refresh_token(self, deadline: Deadline) -> str:
        config = self._config
        if config.refresh_token is not None:
            return config.refresh_token.reveal()
        account = {"username": config.username, "password": _revealed(config.password)}
        answer = await self._ask("/csp/gateway/am/api/login?access_token", deadline, account)
        return token_in(answer, "refresh_token", cure="check auth_url")

    async def _ask(self, path: str, deadline: Deadline, body: Any) -> Answer:
        try:
            answer = await self._api.ask("POST", path, deadline, body=body)
        except Unreachable as error:
            raise Unavailable(f"no token: {error}") from None
        if answer.status in {400, 401, 403}:
            what = f"Aria Automation does not accept us ({answer.status})"
            raise Refused(what, cure="check username and password_file, or refresh_token_file")
        if not 200 <= answer.status < 300:
            raise Unavailable(f"no token: Aria Automation answered {answer.status}", status=str(answer.status))
        return answer


def _revealed(secret: Secret | None) -> str:
    return "" if secret is None else secret.reveal()
