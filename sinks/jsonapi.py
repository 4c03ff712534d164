"""A server that is spoken to in JSON, request after request, within one deadline."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from clients.http import Endpoint, header_lines
from schemas.errors import Reject, Retry, Unreachable
from sinks.answers import judge, silence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from clients.http import Channel, Client, Method

KEEP: Final = 16 * 1024 * 1024  # bytes of one answer
FIRST: Final = 0.05  # seconds from one look to the next, twice as many each time
LONGEST: Final = 2.0

_TOLD: Final = 300  # characters of the server's own sentence in an error


class Answer(NamedTuple):
    """What a server said.

    Attributes:
        status: HTTP status.
        value: its body as JSON; None when it is something else, or longer than ``KEEP``.
        headers: by lower-case name.
    """

    status: int
    value: Any
    headers: Mapping[str, str]


class Deadline:
    """The end of one attempt.

    Args:
        seconds: from now.
        clock: seconds that only grow.
    """

    def __init__(self, seconds: float, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    @property
    def left(self) -> float:
        """Seconds until then; 0 from then on."""
        return max(self._end - self._clock(), 0.0)

    async def reached(self, look: Callable[[], Awaitable[bool]]) -> bool:
        """Look again and again until something is so; False when it is not by the end."""
        pause = FIRST
        while not await look():
            if self.left <= FIRST:  # the last look needs a moment, too
                return False
            await asyncio.sleep(min(pause, self.left - FIRST))
            pause = min(2 * pause, LONGEST)
        return True


class JsonApi:
    """Asks one server.

    Args:
        url: its address, without what all paths begin with.
        channel: how it is reached.
        http: the client.
    """

    def __init__(self, url: str, channel: Channel, http: Client) -> None:
        self._url = url
        self._channel = channel
        self._http = http

    async def ask(
        self,
        method: Method,
        path: str,
        deadline: Deadline,
        *,
        headers: Iterable[tuple[str, str]] = (),
        body: Any = None,
    ) -> Answer:
        """Ask once.

        Args:
            method: any of :data:`Method`.
            path: with its query, quoted.
            deadline: the request ends with it.
            headers: beside Accept, and Content-Type where there is a body.
            body: sent as JSON; None: none is sent.

        Raises:
            Retry: it is too late to ask.
            Unreachable: nobody was asked.
            NoAnswer: an Unreachable; the request may have been carried out.
        """
        seconds = deadline.left
        if seconds == 0:
            raise Retry(f"there was no time left for {method} {path.partition('?')[0]}")
        content = () if body is None else (("Content-Type", "application/json"),)
        lines = header_lines([("Accept", "application/json"), *content, *headers])
        endpoint = Endpoint(method, f"{self._url}{path}", seconds, self._channel, KEEP)
        # A PUT or POST of nothing says so: some servers ask for the length (411).
        nothing = b"" if method in {"POST", "PUT"} else None
        response = await self._http.ask(endpoint, lines, nothing if body is None else orjson.dumps(body))
        return Answer(response.status, _parsed(response.body) if response.complete else None, response.headers)


async def asked(answer: Awaitable[Answer], what: str) -> Answer:
    """The answer of 2xx to a question that changes nothing.

    Args:
        answer: the question, under way.
        what: begins the sentence of its failure: "the search for the host".

    Raises:
        Retry, Reject: as :func:`accepted`; Retry, when there is no answer.
        Unavailable: nobody to ask.
    """
    try:
        return accepted(await answer, what)
    except Unreachable as error:
        raise silence(error) from None


def accepted(answer: Answer, what: str) -> Answer:
    """The answer, when it is 2xx.

    Raises:
        Retry, Reject: any other, after the table of all HTTP sinks.
    """
    verdict = judge(answer.status, answer.headers)
    if verdict is None:
        return answer
    reason = f"{what} was {verdict.reason}{_sentence(answer.value)}"
    if isinstance(verdict, Retry):
        raise Retry(reason, status=verdict.status, after=verdict.after)
    raise Reject(reason, status=verdict.status)


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _sentence(value: Any) -> str:
    """What the server says about its refusal."""
    said = value.get("message") if isinstance(value, dict) else None
    return f": {printable(said, _TOLD)}" if isinstance(said, str) and said.strip() else ""


def printable(text: str, longest: int) -> str:
    """Somebody else's words, fit for a line of ours."""
    cut = f"{text[:longest]}…" if len(text) > longest else text
    return "".join(char if char.isprintable() else " " for char in cut).strip()
