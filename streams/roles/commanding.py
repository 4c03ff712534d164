"""The role that hears what people ask for, and sees to it that what they have got ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from schemas import topics
from schemas.commands.kinds import TYPED
from schemas.config import SinkConfig
from schemas.config.keyfile import ring
from schemas.errors import Refused
from streams.commanding.clerk import Clerk
from streams.commanding.expiry import Expiry
from streams.commanding.outlet import Strangers
from streams.commanding.targets import Targets
from streams.commanding.watch import Watch
from streams.delivery.agent import Delivery
from streams.delivery.destination import HANGING, Destination
from streams.roles.ring import Ring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.config import Config
    from schemas.keys import Key
    from streams.roles.wiring import Wiring

IN_FLIGHT: Final = 32
"""Commands of different channels that are dealt with at once."""

LIMIT: Final = 240.0
"""Seconds after which a command is given up, and its channel goes on: a vCenter that falls silent costs its time-out
some times, one that is known to be away costs nothing."""

_CONFIG: Final = SinkConfig(name="commands", type="commands", in_flight=IN_FLIGHT, timeout=LIMIT / HANGING, retry=0)


async def command(wiring: Wiring) -> None:
    """Have the app deal with commands: the delivery engine brings them, in the order of each channel."""
    config, app, closing = wiring.config, wiring.app, wiring.closing
    prefix = config.kafka.prefix
    if config.commands is None:
        raise Refused("nobody may ask for anything", cure="add commands: with people and grants")
    targets = Targets(config.vcenters)
    closing.push_async_callback(targets.close)
    keys = Ring(config.remediation.answer_key, app.health)
    watch = Watch(config.kafka, group=topics.group(prefix, topics.COMMAND), ring=keys)
    watch.start()
    closing.callback(watch.close)
    clerk = Clerk(
        config,
        config.commands,
        app.publisher,
        rings=partial(_rings, config),
        ring=keys,
        targets=targets,
        watch=watch,
    )
    expiry = Expiry(prefix, config.commands, app.publisher, ring=keys, targets=targets, watch=watch)
    wiring.beside(expiry.run(), "leases")
    delivery = Delivery(_CONFIG, Destination(_CONFIG, clerk), Strangers(_CONFIG, app.publisher, prefix), app.fail)
    closing.push_async_callback(delivery.close)
    app.consume(topics.commands(prefix), "commands", delivery.deliver)


def _rings(config: Config, type_: str, source: str) -> Sequence[Key]:
    """The keys of whoever verifies people that come this way; none for any other way."""
    if type_ == TYPED:
        commands = config.commands
        return () if commands is None or commands.key is None else ring(commands.key)
    served = config.webhook.served if config.webhook is not None else {}
    for name, endpoint in served.items():
        if endpoint.slack is not None and source == f"/ingest/webhook/{name}":
            return ring(endpoint.slack.principal_key)
    return ()
