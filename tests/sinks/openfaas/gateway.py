"""A stand-in for the gateway of OpenFaaS and its queue, over real TCP, after the documented API."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

import aiohttp
import orjson

from ops.demo.child import free_port
from schemas.cloudevents import json
from tests.sinks.bench import SECRET, Answering
from tests.sinks.destination import Answer, Destination, Received

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent
    from sinks.openfaas import OpenFaasSink

Mode = Literal["waiting", "queued", "called back"]

TOPICS = 'VmPoweredOffEvent, é "100%" \N{SNOWMAN} \N{GRINNING FACE}'
LOGIN = f"Basic {b64encode(f'admin:{SECRET}'.encode()).decode()}"


def function(name: str, topic: str | None = TOPICS, namespace: str = "fn") -> dict[str, Any]:
    return {"name": name, "namespace": namespace, "annotations": None if topic is None else {"topic": topic}}


class OpenFaasBench(Answering):
    """A gateway whose lists need a login and whose functions answer as told.

    Attributes:
        mode: straight calls; queued ones; queued ones that are called back.
        callback: where the sink listens for that.
        functions: what the gateway lists.
        answers: of single functions, by ``name.namespace``; the others answer ``otherwise``.
        lists: replaces every list when set.
        queue: what the queueing of a call is answered with.
    """

    def __init__(self, http: Client, folder: Path, gateway: Destination, mode: Mode = "waiting") -> None:
        super().__init__(http, folder)
        self.gateway = gateway
        self.mode: Mode = mode
        self.callback = f"127.0.0.1:{free_port()}"
        self.functions = [function("all")]
        self.answers: dict[str, Answer] = {}
        self.otherwise = Answer()
        self.lists: Answer | None = None
        self.queue = Answer(202)
        self._succeeded: list[Received] = []
        self._work: set[asyncio.Task[None]] = set()
        gateway.answer = self._answer

    def settings(self) -> Mapping[str, Any]:
        login = {"username": "admin", "password_file": str(self.secret)}
        settings = {"type": "openfaas", "gateway": self.gateway.url, "async": self.mode != "waiting", **login}
        if self.mode == "called back":
            settings["callback"] = {"listen": self.callback, "url": f"http://{self.callback}/back/"}
        return settings

    async def delivered(self) -> list[CloudEvent]:
        done = self._succeeded if self.mode == "called back" else self.gateway.accepted
        return [json.loads(received.body) for received in done if received.method == "POST"]

    async def finish(self) -> None:
        """Let the queue come to its end."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    async def leave(self) -> None:
        await self.gateway.stop()

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        self.gateway.tls = tls
        await self.gateway.start()

    def fall_silent(self) -> None:
        self.otherwise = Answer(hold=asyncio.Event())

    def answer(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.otherwise = Answer(status, headers or {}, body)

    def requests(self) -> int:
        return len(self.invoked())

    def invoked(self) -> list[str]:
        return [received.path for received in self.gateway.received if received.method == "POST"]

    async def opened(self, **fields: Any) -> OpenFaasSink:
        sink: Any = self.sink(**fields)
        await sink.open()
        return sink  # type: ignore[no-any-return]  # the registry says Sink

    def _answer(self, received: Received) -> Answer:
        if received.method == "POST":
            answer = self.answers.get(received.path.rpartition("/")[2], self.otherwise)
            return answer if self.mode != "called back" else self._enqueue(received, answer)
        if received.header("authorization") != LOGIN:
            return Answer(401)
        if self.lists is not None:
            return self.lists
        namespaces = sorted({each["namespace"] for each in self.functions if each["namespace"]})
        if received.path == "/system/namespaces":
            return Answer(body=orjson.dumps(namespaces))
        namespace = received.path.partition("?namespace=")[2]
        return Answer(body=orjson.dumps([each for each in self.functions if each["namespace"] == namespace]))

    def _enqueue(self, received: Received, answer: Answer) -> Answer:
        if self.queue.status == 202:
            task = asyncio.create_task(self._run(received, answer))
            self._work.add(task)
            task.add_done_callback(self._work.discard)
        return self.queue

    async def _run(self, received: Received, answer: Answer) -> None:
        if answer.hold is not None:
            await answer.hold.wait()
        if answer.status < 300:
            self._succeeded.append(received)
        url, call = received.header("x-callback-url"), received.header("x-call-id")
        assert url is not None
        assert call is not None
        await call_back(url, answer, {"X-Call-Id": call, "X-Function-Status": str(answer.status)})


async def call_back(url: str, answer: Answer, headers: Mapping[str, str], method: str = "POST") -> int:
    """What a queue worker does after a call; returns what it is answered."""
    more = {"X-Duration-Seconds": "0.001", "X-Function-Name": "all.fn", "X-Start-Time": "1"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            method, url, data=BytesIO(answer.body), headers={**answer.headers, **more, **headers}
        ) as response,
    ):
        return response.status
