"""What every connector must do, whatever its protocol: plain functions, run against each connector's own bench.

A test module implements ``Bench`` for its connector, names the features it declares, and runs ``cases(...)``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from schemas.errors import Refused, Reject, Retry, Unavailable
from tests.sinks.bench import SOON, Answering, Batching, Bench, event
from tests.sinks.destination import ca_file, server_tls

if TYPE_CHECKING:
    from sinks.base import Sink


async def delivers_an_event(bench: Bench) -> None:
    sink = bench.sink()
    await sink.open()

    await sink.send(event())

    assert [bench.kept(event())] == await bench.delivered()
    await sink.close()


async def delivers_what_is_hard_to_spell(bench: Bench) -> None:
    hard = [
        event(1, subject='é "100%" \N{SNOWMAN} \N{GRINNING FACE}', extensions={"note": "a,b;c=d\\e f"}),
        event(2, data=b"\0\xff\r\n\r\n", datacontenttype="application/octet-stream"),
        event(3, data=b'{"big": 12345678901234567890, "float": 1.10}'),
        event(4, data=None, datacontenttype=None, time=None, extensions={}),
        event(5, data=b"x" * 200_000, datacontenttype="text/plain"),
    ]
    sink = bench.sink()
    await sink.open()

    for each in hard:
        await sink.send(each)

    assert list(map(bench.kept, hard)) == await bench.delivered()
    await sink.close()


async def delivers_two_hundred_at_once(bench: Bench) -> None:
    events = [event(number) for number in range(200)]
    sink = bench.sink()
    await sink.open()

    await asyncio.gather(*(sink.send(each) for each in events))

    assert list(map(bench.kept, events)) == sorted(
        await bench.delivered(), key=lambda each: int(each.id.rpartition("/")[2])
    )
    await sink.close()


async def spells_the_type_as_the_event_router_when_asked(bench: Bench) -> None:
    sink = bench.sink(type_format="event-router")
    await sink.open()

    await sink.send(event(1))
    await sink.send(event(2, type="com.example.alert", extensions={}))

    assert ["com.vmware.event.router/event", "com.example.alert"] == [each.type for each in await bench.delivered()]
    await sink.close()


async def is_unavailable_while_nobody_is_there(bench: Bench) -> None:
    await bench.leave()
    sink = bench.sink()

    with pytest.raises(Unavailable):
        await sink.open()

    await sink.close()


async def recovers_when_the_destination_comes_back(bench: Bench) -> None:
    sink = bench.sink()
    await sink.open()
    await sink.send(event(1))

    await bench.leave()
    with pytest.raises(Unavailable):
        await sink.send(event(2))
    with pytest.raises(Unavailable):
        await sink.open()
    await bench.come_back()
    await sink.open()
    await sink.send(event(2))

    assert [bench.kept(event(1)), bench.kept(event(2))] == await bench.delivered()
    await sink.close()


async def retries_what_was_not_answered_in_time(bench: Bench) -> None:
    sink = bench.sink(timeout=SOON)
    await sink.open()
    bench.fall_silent()

    with pytest.raises(Retry) as caught:
        await sink.send(event())

    assert caught.value.after is None
    await sink.close()


async def closes_without_having_been_opened(bench: Bench) -> None:
    await bench.sink().close()


async def trusts_its_authority_only(bench: Bench) -> None:
    authority = trustme.CA()
    await bench.leave()
    await bench.come_back(server_tls(authority))
    mistrusting, trusting = bench.sink(), bench.sink(ca_file=str(ca_file(authority, bench.folder)))

    with pytest.raises(Unavailable):
        await mistrusting.open()
    assert [] == await bench.delivered()
    await trusting.open()
    await trusting.send(event())

    assert [event()] == await bench.delivered()
    await mistrusting.close()
    await trusting.close()


async def skips_verification_only_when_told(bench: Bench) -> None:
    await bench.leave()
    await bench.come_back(server_tls(trustme.CA(), "elsewhere.example"))
    sink = bench.sink(insecure=True)
    await sink.open()

    await sink.send(event())

    assert [event()] == await bench.delivered()
    await sink.close()


async def refuses_to_open_with_wrong_credentials(bench: Bench) -> None:
    bench.keep_secret("wrong-horse")
    sink = bench.sink()

    with pytest.raises(Refused) as caught:
        await sink.open()

    assert "wrong-horse" not in str(caught.value)
    await sink.close()


async def takes_up_a_rotated_secret(bench: Bench) -> None:
    bench.keep_secret("wrong-horse")
    sink = bench.sink()
    with pytest.raises(Refused):
        await sink.open()

    bench.keep_secret(bench.password)
    async with asyncio.timeout(10):
        await _until_opened(sink)
    await sink.send(event())

    assert [bench.kept(event())] == await bench.delivered()
    await sink.close()


async def _until_opened(sink: Sink) -> None:
    while True:
        try:
            return await sink.open()
        except Refused:
            await asyncio.sleep(0.1)


async def keeps_its_secrets(bench: Bench) -> None:
    said = []
    sink = bench.sink(timeout=SOON)
    with Overheard() as logs:
        await sink.open()
        bench.fall_silent()
        for _ in range(2):
            with pytest.raises((Retry, Unavailable)) as caught:
                await sink.send(event())
            said.append(f"{caught.value} {caught.value!r} {caught.value.args}")
            await bench.leave()
        await sink.close()
        said += [repr(sink), *logs]

    assert [] == [text for text in said if bench.password in text]


async def gives_up_what_is_answered_for_good(bench: Bench) -> None:
    assert isinstance(bench, Answering)
    sink = bench.sink()
    await sink.open()
    for status in (300, 301, 304, 307, 400, 405, 410, 413, 415, 422):
        bench.answer(status, {"Location": "/elsewhere", "Retry-After": "3"})
        asked = bench.requests()

        with pytest.raises(Reject) as caught:
            await sink.send(event(status))

        assert (str(status), asked + 1) == (caught.value.status, bench.requests())
    await sink.close()


async def retries_what_may_go_better_next_time(bench: Bench) -> None:
    assert isinstance(bench, Answering)
    sink = bench.sink()
    await sink.open()
    for status in (401, 403, 404, 407, 408, 409, 429, 500, 501, 502, 503, 504, 599):
        bench.answer(status)

        with pytest.raises(Retry) as caught:
            await sink.send(event(status))

        assert (str(status), None) == (caught.value.status, caught.value.after)
    await sink.close()


async def waits_as_long_as_an_overloaded_destination_asks(bench: Bench) -> None:
    assert isinstance(bench, Answering)
    sink = bench.sink()
    await sink.open()
    for status, after in ((429, 7.0), (503, 7.0), (500, None)):
        bench.answer(status, {"Retry-After": "7"})

        with pytest.raises(Retry) as caught:
            await sink.send(event(status))

        assert after == caught.value.after
    await sink.close()


async def takes_any_success_whatever_its_body(bench: Bench) -> None:
    assert isinstance(bench, Answering)
    sink = bench.sink()
    await sink.open()
    for status, body in ((200, b"x" * 300_000), (201, b""), (202, b"later"), (204, b"")):
        bench.answer(status, body=body)

        await sink.send(event(status))

    assert [200, 201, 202, 204] == [int(each.id.rpartition("/")[2]) for each in await bench.delivered()]
    await sink.close()


async def hands_over_a_batch_in_one_go(bench: Bench) -> None:
    assert isinstance(bench, Batching)
    sink = bench.batching()
    events = [event(number) for number in range(sink.batch)]
    await sink.open()
    asked = bench.requests()

    outcomes = await sink.send_batch(events)

    assert ([None] * len(events), events) == (list(outcomes), await bench.delivered())
    assert asked + 1 == bench.requests()
    await sink.close()


async def tells_what_became_of_each_event_of_a_batch(bench: Bench) -> None:
    assert isinstance(bench, Batching)
    sink = bench.batching()
    events = [event(number) for number in range(5)]
    await sink.open()
    bench.refuse({events[1].id: Retry, events[3].id: Reject})

    outcomes = await sink.send_batch(events)

    assert [type(None), Retry, type(None), Reject, type(None)] == [type(outcome) for outcome in outcomes]
    assert [events[0], events[2], events[4]] == await bench.delivered()
    bench.refuse({})
    assert [None] == list(await sink.send_batch([events[1]]))
    assert [events[0], events[2], events[4], events[1]] == await bench.delivered()
    await sink.close()


async def finds_the_destination_away_for_a_whole_batch(bench: Bench) -> None:
    assert isinstance(bench, Batching)
    sink = bench.batching()
    await sink.open()
    await bench.leave()

    with pytest.raises(Unavailable):
        await sink.send_batch([event(1), event(2)])

    await sink.close()


class Overheard(logging.Handler):
    """Every log record of the process, at every level, as text."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def __enter__(self) -> list[str]:
        root = logging.getLogger()
        self._level = root.level
        root.setLevel(logging.DEBUG)
        root.addHandler(self)
        return self.texts

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        root.removeHandler(self)
        root.setLevel(self._level)


Case = Callable[[Bench], Awaitable[None]]

ALWAYS: tuple[Case, ...] = (
    delivers_an_event,
    delivers_what_is_hard_to_spell,
    delivers_two_hundred_at_once,
    spells_the_type_as_the_event_router_when_asked,
    is_unavailable_while_nobody_is_there,
    recovers_when_the_destination_comes_back,
    retries_what_was_not_answered_in_time,
    closes_without_having_been_opened,
    trusts_its_authority_only,
    skips_verification_only_when_told,
    keeps_its_secrets,
)
BY_FEATURE: dict[str, tuple[Case, ...]] = {
    "batch": (
        hands_over_a_batch_in_one_go,
        tells_what_became_of_each_event_of_a_batch,
        finds_the_destination_away_for_a_whole_batch,
    ),
    "login": (refuses_to_open_with_wrong_credentials, takes_up_a_rotated_secret),
    "http": (
        gives_up_what_is_answered_for_good,
        retries_what_may_go_better_next_time,
        waits_as_long_as_an_overloaded_destination_asks,
        takes_any_success_whatever_its_body,
    ),
}


REMOTE: tuple[Case, ...] = (
    retries_what_was_not_answered_in_time,
    trusts_its_authority_only,
    skips_verification_only_when_told,
    keeps_its_secrets,
)
"""What makes no sense where nobody answers, nobody is verified and nothing is secret: a file."""


def cases(*features: str, without: Collection[Case] = ()) -> list[Any]:
    """Parameters for ``pytest.mark.parametrize("case", ...)``: what a connector with these features must do.

    Args:
        features: what it declares.
        without: what it cannot do by its nature, such as carry data that are no JSON.
    """
    chosen = [*ALWAYS, *(case for feature in features for case in BY_FEATURE[feature])]
    return [pytest.param(case, id=case.__name__) for case in chosen if case not in without]
