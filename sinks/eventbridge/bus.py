"""An event bus of either generation: is it there, and PutEvents."""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from clients.aws.words import code_of
from schemas.errors import Unavailable
from sinks.eventbridge.codes import FORBIDDEN
from sinks.eventbridge.verdict import FAILURES, of_opening

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from clients.aws.session import Session
    from sinks.eventbridge.config import Api, EventBridgeConfig

SERVICES: Final[dict[Api, str]] = {"classic": "events", "v2": "eventbridgev2"}

AGAIN: Final = 60.0
"""Seconds after which a classic bus is looked for again: AWS takes and drops what is put on one that is not there."""

log = logging.getLogger(__name__)


class Bus:
    """Blocks for an answer, so its methods belong into threads, which may share it.

    Args:
        config: which bus.
        session: who we are.
        clock: seconds that only grow.

    Raises:
        Refused: no client can be made of what configuration and environment say.
    """

    def __init__(
        self, config: EventBridgeConfig, session: Session, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._config = config
        self._classic = config.api == "classic"
        self._address = {} if self._classic else {"EventBusArn": config.bus}
        self._client = session.client(SERVICES[config.api], config.endpoint)
        self._clock = clock
        self._seen = -math.inf

    def verify(self) -> None:
        """See that the bus is there, where we may look.

        Raises:
            Refused: there is no such bus, or we are not known.
            Unavailable: nobody answers.
        """
        try:
            if not self._look():
                name, bus = self._config.name, self._config.bus
                log.info("%s: cannot see whether %s is there (allow events:DescribeEventBus)", name, bus)
        except FAILURES as error:
            raise of_opening(error) from None

    def recheck(self) -> None:
        """See, once a minute, that a classic bus is still there; for whoever is about to ``put``.

        Raises:
            Unavailable: it is not.
        """
        if self._classic and self._clock() - self._seen > AGAIN:
            try:
                self._look()
            except FAILURES as error:
                self._seen = -math.inf
                raise Unavailable(str(of_opening(error))) from None

    def put(self, entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any] | None]:
        """What AWS says of each entry, in their order; None where it says nothing.

        Raises:
            BotoCoreError, ClientError, ResponseParserError: the call has failed as a whole.
        """
        answer = self._ask("put_events", Entries=list(entries), **self._address)
        results: list[Mapping[str, Any]] = answer.get("Entries", [])
        # An answer of another length cannot be matched with what was sent.
        return list(results) if len(results) == len(entries) else [None] * len(entries)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _look(self) -> bool:
        """Whether we may look; that the bus is not there is one of ``FAILURES``."""
        self._seen = self._clock()
        try:
            self._ask("describe_event_bus", **(self._address or {"Name": self._config.bus}))
        except ClientError as error:
            if code_of(error) not in FORBIDDEN:
                raise
            return False
        return True

    def _ask(self, operation: str, **asked: Any) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = getattr(self._client, operation)(**asked)
        except FAILURES:
            raise
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # What is not AWS's, an empty body for example, botocore's reader of CBOR stumbles over.
            raise ResponseParserError(f"the answer cannot be read: {error}") from None
        return answer
