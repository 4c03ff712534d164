"""Slack on loopback: reply addresses and the methods of the Web API that a bot needs, over TLS."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from aiohttp import web

from tests.support.chat import ledger, rules
from tests.support.chat.front import Front
from tests.support.chat.hook import TEAM, Hook
from tests.support.chat.rooms import Rooms
from tests.support.chat.trust import authority, context

if TYPE_CHECKING:
    import ssl
    from collections.abc import Collection, Mapping
    from pathlib import Path

TOKEN: Final = "xoxb-0123456789-abcdefghijklmnop"
USER: Final = "U2147483697"
BOT: Final = "UREFLEXARC"
CHANNEL: Final = "C0001ABCD"
PUBLIC: Final = "https://hooks.slack.com"
"""What Slack's own reply addresses begin with; who calls one through ``Chat.proxy`` comes here, too."""

METHODS: Final = {"chat.postMessage": rules.POST, "chat.postEphemeral": rules.EPHEMERAL}


class Reply(NamedTuple):
    """An answer that Slack is made to give instead of its own."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Chat:
    """Slack, while the block runs; at the same port again after it was away.

    Args:
        folder: for ``ca.pem`` and the file of messages.
        token: the one that it accepts.
        channels: who is in which channel; the bot is in those that name ``BOT``, and sees those that are public, C…
        file: where messages go; default: ``messages.jsonl`` in ``folder``.
        port: to listen at; 0: any that is free.
        every: seconds between two messages of the bot to one channel; what comes sooner is too much (429).
        slow: seconds that each message takes.

    Attributes:
        asked: methods, and ``hook``, in the order in which messages were asked for, shown or not.
        rooms: who may speak where.
        scopes: of the token.
    """

    def __init__(
        self,
        folder: Path,
        *,
        token: str = TOKEN,
        channels: Mapping[str, Collection[str]] | None = None,
        file: Path | None = None,
        port: int = 0,
        every: float = 0.0,
        slow: float = 0.0,
    ) -> None:
        self.folder = folder
        self.token = token
        self.scopes = "chat:write,commands"
        self.asked: list[str] = []
        self.rooms = Rooms({CHANNEL: {USER, BOT}} if channels is None else channels, bot=BOT, every=every)
        self._file = file or folder / "messages.jsonl"
        self._front = Front(port)
        self._runner: web.AppRunner | None = None
        self._ledger: ledger.Ledger | None = None
        self._instead: list[tuple[float, Reply]] = []
        self._silent = False
        self._slow = slow

    async def __aenter__(self) -> Self:
        await self.come_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"https://127.0.0.1:{self._front.port}"

    @property
    def api(self) -> str:
        """For the key ``api`` of the sink."""
        return f"{self.url}/api/"

    @property
    def hooks(self) -> str:
        """For the key ``hooks`` of the sink."""
        return f"{self.url}/"

    @property
    def proxy(self) -> str:
        """For the key ``proxy`` of the sink: with it, Slack's own addresses lead here."""
        return f"http://127.0.0.1:{self._front.port}"

    @property
    def ca_file(self) -> Path:
        """For the key ``ca_file`` of the sink."""
        return authority(self.folder)

    @property
    def connections(self) -> int:
        """How many there were so far."""
        return self._front.connections

    @property
    def targets(self) -> list[str]:
        """What was asked of the proxy: ``host:port``."""
        return self._front.targets

    def hook(self, user: str = USER, channel: str = CHANNEL, *, age: float = 0.0, public: bool = False) -> str:
        """A new reply address of a command; no request, so any process may make one.

        Args:
            user: who has given the command.
            channel: where.
            age: seconds since then.
            public: as Slack spells it, for who comes by ``proxy``.
        """
        hook = Hook(TEAM, int(time.time() - age), user, channel, uuid.uuid4().hex)
        return f"{PUBLIC if public else self.url}{hook.path}"

    def messages(self) -> list[dict[str, Any]]:
        """What was shown, in order: way, channel, user, visible (person, channel), text, blocks, metadata, hook, at."""
        return ledger.read(self._file)

    def answer(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"", times: float = 1
    ) -> None:
        """Have the next messages, ``times`` of them, answered so, and not shown."""
        self._instead = [(times, Reply(status, headers or {}, body))]

    def refuse(self, word: str, *, times: float = 1) -> None:
        """Have the next messages refused with an error of that name."""
        self.answer(200, {"Content-Type": "application/json"}, json.dumps({"ok": False, "error": word}).encode(), times)

    def limit(self, seconds: int, *, times: float = 1) -> None:
        """Have the next messages be too many."""
        body = b'{"ok":false,"error":"ratelimited"}'
        self.answer(429, {"Retry-After": str(seconds), "Content-Type": "application/json"}, body, times)

    def fall_silent(self) -> None:
        """Take what comes from now on, and never answer it."""
        self._silent = True

    async def leave(self) -> None:
        """Be away."""
        await self._front.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        """Be there, at the same port; with another certificate if given."""
        self._ledger = ledger.Ledger(self._file)
        app = web.Application(client_max_size=2**20)
        app.router.add_post("/api/{method}", self._method)
        app.router.add_post("/{path:.*}", self._hook)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=tls or context(self.folder)).start()
        await self._front.start(self._runner.addresses[0][1])

    async def _method(self, request: web.Request) -> web.Response:
        method, given = request.match_info["method"], request.headers.get("Authorization", "")
        if method in METHODS and (instead := await self._trouble(method)):
            return instead
        if given != f"Bearer {self.token}":
            return _error("invalid_auth" if given else "not_authed")
        if method == "auth.test":
            said = {"ok": True, "url": f"{self.url}/", "team_id": TEAM, "user_id": BOT, "bot_id": "B1"}
            return web.json_response(said, headers={"X-OAuth-Scopes": self.scopes})
        body = await _json(request)
        if method not in METHODS or "chat:write" not in self.scopes.split(","):
            return _error("missing_scope" if method in METHODS else "unknown_method")
        if found := next(rules.flaws(body, METHODS[method]), ""):
            return _error(found.partition(":")[0], found)
        return self._post(method, body)

    def _post(self, method: str, body: dict[str, Any]) -> web.Response:
        user = body.get("user", "")
        if word := self.rooms.closed(body.get("channel", ""), user):
            return _error(word)
        if pause := self.rooms.pause(body["channel"], time.monotonic()):
            headers = {"Retry-After": str(pause)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        channel, person = self.rooms.named(body["channel"])
        self._keep(method, body, channel=channel, user=user or person, visible="person" if user else "channel")
        return web.json_response({"ok": True, "channel": channel, "ts": f"{time.time():.6f}"})

    async def _hook(self, request: web.Request) -> web.Response:
        if instead := await self._trouble("hook"):
            return instead
        hook = Hook.of(request.path)
        if hook is None or self._ledger is None:
            return web.Response(status=404, text="no_service")
        if word := hook.closed(uses=self._ledger.uses[hook.path], now=time.time()):
            return web.json_response({"ok": False, "error": word}, status=404)
        body = await _json(request)
        if found := next(rules.flaws(body, rules.HOOK), ""):
            return web.Response(status=400, text=found.partition(":")[0], headers={"X-Flaw": found})
        kind = body.get("response_type", "ephemeral")
        if kind not in {"ephemeral", "in_channel"} or body.get("replace_original", True) is not False:
            return web.Response(status=400, text="invalid_payload")
        visible = "channel" if kind == "in_channel" else "person"
        self._keep("hook", body, channel=hook.channel, user=hook.user, visible=visible, hook=hook.path)
        return web.Response(text="ok")

    def _keep(self, way: str, body: dict[str, Any], *, hook: str = "", **more: str) -> None:
        assert self._ledger is not None
        said = {name: body.get(name) for name in ("text", "blocks", "metadata")}
        self._ledger.write({"way": way, **more, **said, "hook": hook, "at": time.time()})

    async def _trouble(self, way: str) -> web.Response | None:
        self.asked.append(way)
        if self._silent:
            await asyncio.Event().wait()
        await asyncio.sleep(self._slow)
        if not self._instead:
            return None
        times, reply = self._instead.pop()
        if times > 1:
            self._instead.append((times - 1, reply))
        return web.Response(status=reply.status, headers=reply.headers, body=reply.body)


async def _json(request: web.Request) -> Any:
    if request.content_type != "application/json":
        return None
    try:
        return json.loads(await request.read())
    except ValueError:
        return None


def _error(word: str, flaw: str = "") -> web.Response:
    said = {"ok": False, "error": word} | ({"response_metadata": {"messages": [f"[ERROR] {flaw}"]}} if flaw else {})
    return web.json_response(said)
