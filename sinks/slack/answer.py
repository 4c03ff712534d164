"""One question to Slack, and its answer: an HTTP status and, in JSON or bare, a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from clients.http import Channel, Endpoint, header_lines
from schemas.errors import Retry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clients.http import Client
    from sinks.jsonapi import Deadline
    from sinks.slack.config import SlackSinkConfig

_WORD: Final = re.compile(r"[a-z0-9_]{1,80}")
_HEADERS: Final = (("Accept", "application/json"), ("Content-Type", "application/json; charset=utf-8"))


class Answer(NamedTuple):
    """What Slack said.

    Attributes:
        status: HTTP status.
        ok: what its JSON says of success; None when it says nothing, or is none.
        word: the error's name, ``channel_not_found``; empty without one.
        headers: by lower-case name.
    """

    status: int
    ok: bool | None
    word: str
    headers: Mapping[str, str]


class Asker:
    """Asks Slack, over connections that are kept; libcurl drives them, as those of every sink behind HTTP.

    Slack's own library is not used here: it cannot tell whether a request had gone out when it failed, does not wait
    for what is cancelled, and would bring a second HTTP stack with trust and proxies of its own.

    Args:
        config: the sink.
        http: the client.
    """

    def __init__(self, config: SlackSinkConfig, http: Client) -> None:
        ca_file = None if config.ca_file is None else str(config.ca_file)
        self.channel = Channel(ca_file, verify=not config.insecure, proxy=config.proxy)
        self._http = http

    async def post(
        self, url: str, body: Mapping[str, Any], deadline: Deadline, headers: Iterable[tuple[str, str]] = ()
    ) -> Answer:
        """Ask once.

        Args:
            url: may be a secret; errors show its host alone.
            body: sent as JSON.
            deadline: the request ends with it.
            headers: beside those that say what is sent.

        Raises:
            Retry: it is too late to ask.
            Unreachable: nobody was asked.
            NoAnswer: an Unreachable; the message may have been shown.
        """
        seconds = deadline.left
        if seconds == 0:
            raise Retry("there was no time left to ask Slack")
        endpoint = Endpoint("POST", url, seconds, self.channel)
        response = await self._http.ask(endpoint, header_lines((*_HEADERS, *headers)), orjson.dumps(body))
        ok, word = _read(response.body)
        return Answer(response.status, ok, word, response.headers)

    async def reach(self, url: str, seconds: float) -> None:
        """Connect and ask nothing.

        Raises:
            Unreachable: no connection, or none to be trusted.
        """
        await self._http.connect(Endpoint("POST", url, seconds, self.channel))


def _read(body: bytes) -> tuple[bool | None, str]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None, _word(body[:100].decode(errors="replace"))
    if not isinstance(value, dict):
        return None, ""
    ok, said = value.get("ok"), value.get("error")
    return ok if isinstance(ok, bool) else None, _word(said) if isinstance(said, str) else ""


def _word(text: str) -> str:
    """The word that an error is, also where Slack spells it with spaces; nothing else of an answer is told on."""
    word = text.strip().lower().replace(" ", "_")
    return word if _WORD.fullmatch(word) else ""
