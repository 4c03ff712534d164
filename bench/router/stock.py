"""One route in Faust as it comes: looked up by subject, the router's headers added, published with ``topic.send``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import uvloop

from bench.router.scenario import SUBJECTS, names
from bench.transport import stock
from bench.transport.task import Task
from schemas.deadletters import ORIGIN
from streams.delivery.origins import WRITTEN
from streams.routing.choice import ROUTES

if TYPE_CHECKING:
    import faust

    from bench.transport.stock import Handle

TABLE = dict.fromkeys(names(SUBJECTS), b"route-0")


def routing(app: faust.App, target: str) -> Handle:
    """Publish an event whose subject has a route; acknowledged when the broker has it."""
    topic = app.topic(target)

    async def route(event: Any) -> None:
        message, headers = event.message, event.headers
        chosen = TABLE.get(headers["ce_subject"])
        if chosen is None:
            event.ack()
            return
        origin = f"{message.partition}/{message.offset}".encode()
        at = str(int(message.timestamp * 1000)).encode()
        headers = {**headers, ROUTES: chosen, ORIGIN: origin, WRITTEN: at}
        sent: Any = await topic.send(key=message.key, value=message.value, headers=headers)

        def settled(future: asyncio.Future[Any]) -> None:
            future.result()
            event.ack()

        sent.add_done_callback(settled)

    return route


async def main(task: Task) -> None:
    """Work for ever."""
    app = stock.application(task)
    stock.forward(app, task, routing(app, task.target or ""))
    await app.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(Task.of_argv()))
