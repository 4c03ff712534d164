"""A bearer token from an authorization server: OAuth 2.0 client credentials (RFC 6749 §4.4)."""

from __future__ import annotations

import asyncio
import re
import time
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote_plus, urlencode

import orjson
from pydantic import Field

from clients.http import Endpoint, header_lines
from schemas.config import HttpUrl, Model, ReadableFile, Secret
from schemas.config.redact import remember
from schemas.errors import Refused, Unavailable, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.http import Channel, Client

LIFETIME: Final = 300.0  # seconds, when the server does not say (RFC 6749 §5.1 only recommends it)
EARLY: Final = 30.0  # seconds before its end that a token is renewed, or a tenth of its lifetime if that is less
LONGEST: Final = 86_400.0  # seconds that a token is kept, whatever the server says
PAUSE: Final = 5.0  # seconds between two renewals because somebody did not accept the token

_REFUSALS: Final = frozenset({400, 401, 403})
_TOKEN = re.compile(r"[!-~]{1,16384}")
_WORD = re.compile(r"[a-z_]{1,40}")


class OAuth2Config(Model):
    """Which authorization server, and who we are there."""

    token_url: HttpUrl = Field(description="Token endpoint of the authorization server.")
    client_id: str = Field(min_length=1, description="Name of the client.")
    client_secret: Secret = Field(description="Its secret.")
    scope: str | None = Field(None, min_length=1, description="What to ask for; scopes with blanks between them.")
    audience: str | None = Field(None, min_length=1, description="For whom, where the server wants to know it.")
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the authorization server (PEM); default: those of the sink."
    )
    auth: Literal["basic", "body"] = Field(
        "basic", description="Where client_id and client_secret stand in the request: its header, or its form."
    )


class OAuth2:
    """One token, fetched when it is needed, by one request for all that wait, and again shortly before its end.

    Args:
        config: where from.
        http: the client.
        channel: how the authorization server is reached.
        timeout: seconds for one request.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        config: OAuth2Config,
        http: Client,
        channel: Callable[[], Channel],
        timeout: float,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config = config
        self._http = http
        self._channel = channel
        self._timeout = timeout
        self._clock = clock
        self._owner = object()  # of the tokens that logs have to blank
        self._turn = asyncio.Lock()
        self._line = b""
        self._until = float("-inf")
        self._patience = float("-inf")

    async def line(self) -> bytes:
        """The Authorization header's line.

        Raises:
            Refused: the server does not accept the client, or answers with something else than a token.
            Unavailable: no answer, or not now.
        """
        if self._clock() < self._until:
            return self._line
        async with self._turn:
            if self._clock() >= self._until:
                await self._renew()
            return self._line

    def forget(self, line: bytes) -> bool:
        """Do not use this token again; another one that is there by now stays.

        Returns:
            Whether there will be another one: not so soon after the last one that was forgotten (``PAUSE``), since a
            server that accepts none would otherwise have one issued for every event.
        """
        now = self._clock()
        if line == self._line and now < self._until:
            if now < self._patience:
                return False
            self._patience = now + PAUSE
            self._until = float("-inf")
        return True

    async def _renew(self) -> None:
        config = self._config
        channel = self._channel()
        if config.ca_file is not None:
            channel = channel._replace(ca_file=str(config.ca_file))
        endpoint = Endpoint("POST", config.token_url, self._timeout, channel, headers=False)
        try:
            response = await self._http.ask(endpoint, *self._request())
        except Unreachable as error:
            raise Unavailable(f"no token: {error}") from None
        if response.status in _REFUSALS:
            what = f"the authorization server does not accept the client ({response.status}{_code(response.body)})"
            raise Refused(what, cure="check client_id, client_secret_file and scope")
        if response.status != 200:
            raise Unavailable(f"no token: {endpoint.origin} answered {response.status}", status=str(response.status))
        token, lifetime = _token(response.body)
        remember(token, owner=self._owner)
        self._line = f"Authorization: Bearer {token}".encode()
        self._until = self._clock() + lifetime - min(EARLY, lifetime / 10)

    def _request(self) -> tuple[tuple[bytes, ...], bytes]:
        config = self._config
        secret = config.client_secret.reveal()
        form = {"grant_type": "client_credentials"}
        headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
        if config.scope is not None:
            form["scope"] = config.scope
        if config.audience is not None:
            form["audience"] = config.audience
        if config.auth == "body":
            form |= {"client_id": config.client_id, "client_secret": secret}
        else:
            pair = f"{quote_plus(config.client_id)}:{quote_plus(secret)}"  # RFC 6749 §2.3.1
            headers.append(("Authorization", f"Basic {b64encode(pair.encode()).decode()}"))
        return header_lines(headers), urlencode(form).encode()


def _token(body: bytes) -> tuple[str, float]:
    """Token and lifetime of an answer.

    Raises:
        Refused: there is no bearer token in it; the answer is not quoted.
    """
    answer = _object(body)
    token, kind, lifetime = answer.get("access_token"), answer.get("token_type"), answer.get("expires_in")
    if not (isinstance(token, str) and _TOKEN.fullmatch(token) and str(kind).lower() == "bearer"):
        raise Refused("the authorization server answered without a bearer token", cure="check oauth2.token_url")
    try:
        seconds = float(LIFETIME if lifetime is None else lifetime)
    except (TypeError, ValueError):
        seconds = LIFETIME
    return token, min(max(seconds, 0.0), LONGEST) if seconds == seconds else LIFETIME  # noqa: PLR0124 - not a number


def _code(body: bytes) -> str:
    """The error code of a refusal, in the words of RFC 6749 §5.2."""
    code = _object(body).get("error")
    return f", {code}" if isinstance(code, str) and _WORD.fullmatch(code) else ""


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}
