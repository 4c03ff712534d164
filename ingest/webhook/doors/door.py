"""What an endpoint asks of its senders, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ingest.webhook.doors.address import allowed
from ingest.webhook.doors.basic import basic
from ingest.webhook.doors.bearer import bearer
from ingest.webhook.doors.certificate import certificate
from ingest.webhook.doors.pathtoken import path_token
from ingest.webhook.doors.scheme import SecurityScheme, schemes
from ingest.webhook.doors.signature import signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.webhook.doors.visitor import BodyCheck, Check
    from schemas.config import Secret
    from schemas.config.webhook import DoorConfig


class Door(NamedTuple):
    """Checks that raise ``Problem``; all of them must pass.

    Attributes:
        head: before the body is read.
        body: of the bytes of the body as they were sent.
        token: whether the path goes on with one.
        schemes: how a description of the server names what is asked for.
    """

    head: tuple[Check, ...] = ()
    body: tuple[BodyCheck, ...] = ()
    token: bool = False
    schemes: tuple[SecurityScheme, ...] = ()


def door(config: DoorConfig | None, otherwise: Secret | None) -> Door:
    """The door of an endpoint; ``otherwise`` is the server's token, for one that has none of its own."""
    if config is None:
        return Door((bearer(otherwise),) if otherwise else (), schemes=schemes(None, otherwise))
    body = (signature(config.hmac),) if config.hmac else ()
    asked = schemes(config, otherwise)
    return Door(tuple(_head(config)), body, token=config.path_token is not None, schemes=asked)


def _head(config: DoorConfig) -> Iterator[Check]:
    if config.allow:
        yield allowed(config.allow)
    if config.path_token:
        yield path_token(config.path_token)
    if config.certificates:
        yield certificate(config.certificates)
    if config.token:
        yield bearer(config.token)
    if config.username is not None and config.password is not None:
        yield basic(config.username, config.password)
