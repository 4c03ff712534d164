"""A batch of events on its way to the bus: as few calls as AWS takes them in, one outcome per event."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from schemas.errors import DeliveryError, Reject, Retry, Unavailable
from sinks.eventbridge.config import ENTRIES
from sinks.eventbridge.entry import to_entry
from sinks.eventbridge.size import pack, size
from sinks.eventbridge.verdict import FAILURES, of_call, of_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.cloudevents import CloudEvent
    from sinks.eventbridge.bus import Bus
    from sinks.eventbridge.config import EventBridgeConfig
    from sinks.eventbridge.offload import Offload


class Handover:
    """One attempt for each of some events; used once, in a thread.

    Args:
        config: the sink.
        bus: takes the entries.
        offload: takes data that are too large; None: such events are rejected.
        events: of one key at most one when the sink is ordered.
        recalled: whether nobody wants it any more: looked at before each call, none of which can be called back.
    """

    def __init__(
        self,
        config: EventBridgeConfig,
        bus: Bus,
        offload: Offload | None,
        events: Sequence[CloudEvent],
        recalled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._config = config
        self._bus = bus
        self._offload = offload
        self._events = events
        self._recalled = recalled
        self._entries: dict[int, dict[str, Any]] = {}
        self._outcomes: dict[int, DeliveryError | None] = {}

    def run(self) -> list[DeliveryError | None]:
        """What became of each event, in their order; None: the bus has it.

        After a call that failed as a whole, or once it is recalled, no other is made; the rest shares its fate.

        Raises:
            Unavailable: the bus is away, and has taken none of them.
        """
        sizes = {number: self._weigh(number, event) for number, event in enumerate(self._events)}
        fitting = {number: weight for number, weight in sizes.items() if 0 < weight <= self._config.max_entry_bytes}
        large = [number for number, weight in sizes.items() if weight > self._config.max_entry_bytes]
        try:
            most = min(self._config.batch, ENTRIES[self._config.api])
            for numbers in pack(fitting, most=most, limit=self._config.max_entry_bytes):
                self._put(numbers)
            for number in large:
                self._put_elsewhere(number, sizes[number])
        except DeliveryError as error:
            self._abandon(error)
        return [self._outcomes[number] for number in range(len(self._events))]

    def _weigh(self, number: int, event: CloudEvent) -> int:
        """Bytes of the entry of an event; 0 when it cannot be one."""
        try:
            entry = self._entries[number] = to_entry(event, self._config)
        except Reject as error:
            self._outcomes[number] = error
            return 0
        return size(entry)

    def _put(self, numbers: Sequence[int]) -> None:
        self._go_on()
        try:
            self._bus.recheck()
            self._go_on()
            results = self._bus.put([self._entries[number] for number in numbers])
        except FAILURES as error:
            verdict = of_call(error)
            if not isinstance(verdict, Reject):
                raise verdict from None
            if len(numbers) == 1:
                self._outcomes[numbers[0]] = verdict
                return
            # One entry can be the fault of all: halve until it is alone.
            half = len(numbers) // 2
            self._put(numbers[:half])
            self._put(numbers[half:])
        else:
            self._outcomes |= {number: of_entry(result) for number, result in zip(numbers, results, strict=True)}

    def _put_elsewhere(self, number: int, weight: int) -> None:
        event, limit = self._events[number], self._config.max_entry_bytes
        if self._offload is not None and event.data is not None:
            self._go_on()
            small = self._entries[number] = to_entry(self._offload.keep(event), self._config)
            weight = size(small)
        if weight > limit:
            reason = f"the entry has {weight} bytes, the bus takes {limit} (max_entry_bytes)"
            self._outcomes[number] = Reject(reason, status="413")
        else:
            self._put([number])

    def _go_on(self) -> None:
        if self._recalled():
            raise Retry("recalled")

    def _abandon(self, error: DeliveryError) -> None:
        if isinstance(error, Unavailable):
            if None not in self._outcomes.values():
                raise error
            # What the bus has must not come again for the sake of the others: they meet its absence by themselves.
            error = Retry(error.reason, status=error.status)
        for number in range(len(self._events)):
            # Of each its own: which entry is at fault, if one is, is found out here.
            self._outcomes.setdefault(number, copy(error))
