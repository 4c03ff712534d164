"""One request to the sink's address, with all that proves who we are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.http import Endpoint, implied_lines, plain_lines
from schemas.errors import Refused, Unavailable, Unreachable
from sinks.answers import silence
from sinks.authorization import Authorization
from sinks.fresh import Fresh
from sinks.http.way import Way
from sinks.oauth2 import OAuth2
from sinks.signature import Signature

if TYPE_CHECKING:
    from clients.http import Client, Response
    from sinks.http.config import HttpConfig


class Post:
    """Sends what the modes have made; what is equal for every request is made once.

    Args:
        config: the sink.
        http: the client.
    """

    def __init__(self, config: HttpConfig, http: Client) -> None:
        self._config = config
        self._http = http
        self._authorization = Authorization(token=config.token, username=config.username, password=config.password)
        self._way = Way(config)
        self._url = Fresh(lambda: config.address)
        self._oauth2 = None
        if config.oauth2 is not None:
            self._oauth2 = OAuth2(config.oauth2, http, self._way.channel, config.timeout)
        self._signature = None if config.signature is None else Signature(config.signature)
        raw = config.raw.headers if config.raw is not None else {}
        names = {"content-type", *config.headers, *raw}
        self._own = (*plain_lines(config.headers.items()), *implied_lines(names))
        self._credentials: tuple[tuple[str, str], ...] = ()
        self._lines = self._own
        self._changes = config.secret_url is not None or self._way.changes
        self._endpoint: Endpoint | None = None

    async def open(self) -> None:
        """Connect without asking anything: no request is harmless to every server.

        Raises:
            Unavailable: nobody is there, or no token is to be had now.
            Refused: a secret is gone, or the authorization server does not accept us.
        """
        self._authorization.headers()
        try:
            await self._http.connect(self._whom())
        except Unreachable as error:
            raise Unavailable(str(error)) from None
        if self._oauth2 is not None:
            await self._oauth2.line()

    async def send(self, lines: tuple[bytes, ...], body: bytes) -> Response:
        """Ask once; with a token that turns out to be void, once more with another one.

        Args:
            lines: header lines; one of them says Content-Type.
            body: what to send.

        Raises:
            Retry: no answer to what was sent.
            Unavailable: nobody to send it to, or we lack what it takes.
        """
        try:
            endpoint = self._endpoint if self._endpoint is not None and not self._changes else self._whom()
            credentials = self._authorization.headers()
            if credentials is not self._credentials:
                self._lines = (*self._own, *plain_lines(credentials))
                self._credentials = credentials
            lines = (*lines, *self._lines)
            if self._signature is not None:
                lines = (*lines, self._signature.line(body))
            if self._oauth2 is not None:
                return await self._with_token(self._oauth2, endpoint, lines, body)
            return await self._http.ask(endpoint, lines, body)
        except Refused as error:
            raise Unavailable(str(error)) from None
        except Unreachable as error:
            raise silence(error) from None

    async def _with_token(self, oauth2: OAuth2, endpoint: Endpoint, lines: tuple[bytes, ...], body: bytes) -> Response:
        token = await oauth2.line()
        response = await self._http.ask(endpoint, (*lines, token), body)
        if response.status == 401 and oauth2.forget(token):
            response = await self._http.ask(endpoint, (*lines, await oauth2.line()), body)
        return response

    def _whom(self) -> Endpoint:
        """The endpoint as address and files say now; the same object while they say the same."""
        url, channel = self._url.get(), self._way.channel()
        known = self._endpoint
        if known is None or known.url != url or known.channel != channel:
            raw = self._config.raw
            method = raw.method if raw is not None else "POST"
            self._endpoint = known = Endpoint(method, url, self._config.timeout, channel, headers=False)
        return known
