from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from ingest.webhook import probes
from ingest.webhook.counters import Counters
from ingest.webhook.probes import Probes
from tests.support.probes import probe, saying

if TYPE_CHECKING:
    from tests.support.probes import Handler

TEXT = 'process_start_time_seconds 1000\nreflexarc_delivered_total{sink="a"} 3\n'
COUNTED = Counters(1000.0, {"reflexarc_delivered_total": {"a": 3.0}})


async def test_each_process_tells_what_it_has_counted() -> None:
    """One that is named twice is asked once; one without a probe does not answer."""
    async with probe(saying(TEXT)) as one, probe(saying(TEXT)) as other:
        assert [COUNTED, COUNTED, None] == await Probes([one, other, one], mute=1).read()
    assert [] == await Probes().read()


async def failing(_: web.Request) -> web.Response:
    return web.Response(status=500, text=TEXT)


async def leading_elsewhere(_: web.Request) -> web.Response:
    raise web.HTTPFound("/elsewhere")


async def no_text(_: web.Request) -> web.Response:
    return web.Response(body=b"\xff\xfe")


async def compressed(_: web.Request) -> web.Response:
    return web.Response(body=gzip.compress(TEXT.encode()), headers={"Content-Encoding": "gzip"})


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(bytes(1 << 16))
    except ConnectionError:
        return response


HANDLERS = [failing, leading_elsewhere, saying("<html>welcome</html>"), no_text, compressed, endless]


@pytest.mark.parametrize("handler", HANDLERS, ids=range(len(HANDLERS)))
async def test_who_answers_strangely_does_not_answer(handler: Handler) -> None:
    """Whatever it sends, the others are told; nothing is followed, unpacked or read without end."""
    async with probe(saying(TEXT)) as one, probe(handler) as other:
        assert [COUNTED, None] == await Probes([one, other]).read()


async def test_who_is_silent_or_away_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that hangs holds nobody up for longer than the time-out."""
    monkeypatch.setattr(probes, "WITHIN", 0.1)
    ended = asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        await ended.wait()
        return web.Response()

    async with probe(silent) as hanging:
        async with probe(saying(TEXT)) as gone:
            pass
        assert [None, None] == await Probes([hanging, gone]).read()
        ended.set()


async def test_who_comes_meanwhile_gets_the_same_answers() -> None:
    """However many ask at once, each process is asked once; later it is asked anew."""
    asked = 0

    async def counting(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return web.Response(text=TEXT)

    async with probe(counting) as one:
        several = Probes([one])
        assert [[COUNTED]] * 5 == await asyncio.gather(*(several.read() for _ in range(5)))
        assert 1 == asked
        assert [COUNTED] == await several.read()
        assert 2 == asked


async def test_who_leaves_takes_no_answer_from_those_who_wait() -> None:
    entered, go = asyncio.Event(), asyncio.Event()

    async def waiting(_: web.Request) -> web.Response:
        entered.set()
        await go.wait()
        return web.Response(text=TEXT)

    async with probe(waiting) as one:
        several = Probes([one])
        leaving, staying = (asyncio.ensure_future(several.read()) for _ in range(2))
        await entered.wait()
        leaving.cancel()
        go.set()
        assert [COUNTED] == await staying
        assert leaving.cancelled()
