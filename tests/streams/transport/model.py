"""A partition's life against an obviously right model: sets of offsets, and nothing clever.

The broker's side is a list of records with gaps and what was committed; the members' side is the real ``Holdings``,
``Held``, ``Lease``, ``Ledger`` and metadata, with the event loop replaced by calls at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from faust.types import TP
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from streams.transport.held import Start
from streams.transport.holdings import Holdings
from streams.transport.record import Record

if TYPE_CHECKING:
    from streams.transport.chunk import Chunk
    from streams.transport.held import Standing
    from streams.transport.lease import Lease

PARTITION = TP("t", 0)


class Loop:
    """An event loop that does everything at once."""

    def call_soon_threadsafe(self, call: Any, *args: Any) -> None:
        call(*args)


class PartitionLife(RuleBasedStateMachine):
    """One partition that is assigned, worked on, committed, revoked and lost, again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[int] = []
        self.effects: dict[int, int] = {}  # how often the work on an offset was finished
        self.reported: set[int] = set()  # finished under a lease whose reports still count
        self.committed = Start(0)
        self.safe: set[int] = set()  # finished, and known to the broker
        self.holdings: Holdings | None = None
        self.lease: Lease | None = None
        self.read_to = 0
        self.begun: dict[int, Lease] = {}
        self.waiting: list[tuple[Lease, int]] = []
        self.under_way: tuple[Any, Standing, set[int]] | None = None
        self.delivered_twice_although_safe: list[int] = []

    @initialize(gaps=st.lists(st.integers(1, 4), min_size=1, max_size=60))
    def write(self, gaps: list[int]) -> None:
        """Records with the gaps that transactions and compaction leave."""
        for gap in gaps:
            self.log.append((self.log[-1] if self.log else -1) + gap)

    @precondition(lambda self: self.holdings is None)
    @rule()
    def assign(self) -> None:
        self.holdings = Holdings(cast("Any", Loop()))
        self.holdings.take({PARTITION: self.committed})
        self.lease = self.holdings[PARTITION].lease
        self.read_to = self.committed.offset
        self.reported = set()

    @precondition(lambda self: self.holdings is not None)
    @rule(count=st.integers(1, 10))
    def fetch(self, count: int) -> None:
        assert self.holdings is not None
        fetched = [offset for offset in self.log if offset >= self.read_to][:count]
        for offset in fetched:
            self.holdings.gather([Record("t", 0, offset, 0, None, b"x", ())])
            self.read_to = offset + 1
        for chunk in self.holdings.hand_over():
            self._take(chunk)

    def _take(self, chunk: Chunk) -> None:
        for record in chunk.records:
            if record.offset in self.safe:
                self.delivered_twice_although_safe.append(record.offset)
            self.waiting.append((chunk.lease, record.offset))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """An agent takes any record that waits, also of a lease that is over."""
        index = data.draw(st.integers(0, len(self.waiting) - 1))
        lease, offset = self.waiting.pop(index)
        if lease.begin():
            assert lease is self.lease, "work began on a partition that is not ours"
            self.begun[offset] = lease

    @precondition(lambda self: self.begun)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        self._finish(data.draw(st.sampled_from(sorted(self.begun))))

    def _finish(self, offset: int) -> None:
        lease = self.begun.pop(offset)
        self.effects[offset] = self.effects.get(offset, 0) + 1
        lease.done(offset)
        lease.end()
        if lease is self.lease:
            self.reported.add(offset)

    @precondition(lambda self: self.holdings is not None)
    @rule()
    def commit(self) -> None:
        """Send what is due, unless a commit is under way."""
        assert self.holdings is not None
        self.holdings.book()
        due = self.holdings.due()
        if due and self.under_way is None:
            self.under_way = (self.holdings[PARTITION], due[PARTITION], self.reported | self.safe)

    @precondition(lambda self: self.under_way is not None)
    @rule(arrives=st.booleans())
    def answer(self, *, arrives: bool) -> None:
        """The broker answers; or the request is lost, and somebody else may own the partition by now."""
        assert self.under_way is not None
        held, standing, finished = self.under_way
        self.under_way = None
        if arrives and held.lease is self.lease:
            self._store(standing, finished)
            held.confirm(standing)

    @precondition(lambda self: self.holdings is not None)
    @rule(data=st.data(), committed=st.booleans())
    def revoke(self, data: st.DataObject, *, committed: bool) -> None:
        """Close, let some of the begun work finish and cancel the rest, commit, let go."""
        assert self.holdings is not None
        leaving = self.holdings.close([PARTITION])
        for offset in sorted(self.begun):
            if data.draw(st.booleans()):
                self._finish(offset)
            else:
                self.begun.pop(offset).end()
        assert leaving[PARTITION].lease.wait_idle(0)
        self.holdings.book()
        standing = leaving[PARTITION].due()
        if committed and standing is not None:
            self._store(standing, self.reported | self.safe)
        self._let_go()

    @precondition(lambda self: self.holdings is not None)
    @rule()
    def lose(self) -> None:
        """The session has expired: nothing is committed, begun work goes on and ends too late."""
        assert self.holdings is not None
        self.holdings.close([PARTITION])
        self._let_go()

    def _let_go(self) -> None:
        assert self.holdings is not None
        self.holdings.let_go([PARTITION])
        self.holdings = self.lease = None

    def _store(self, standing: Standing, finished: set[int]) -> None:
        """The broker knows; whoever begins from it gets what was not finished at that time, and nothing else."""
        self.committed = Start(*standing)
        probe = Holdings(cast("Any", Loop()))
        probe.take({PARTITION: self.committed})
        for offset in self.log:
            if offset >= standing.offset:
                probe.gather([Record("t", 0, offset, 0, None, b"x", ())])
        again = {record.offset for chunk in probe.hand_over() for record in chunk.records}
        assert set(self.log) - finished == again
        self.safe = finished

    @invariant()
    def nothing_is_skipped_that_was_not_finished(self) -> None:
        """I1: whatever a new owner would not get has been finished."""
        assert self.safe <= set(self.effects)

    @invariant()
    def nothing_comes_again_that_the_broker_knows_as_finished(self) -> None:
        assert [] == self.delivered_twice_although_safe

    @invariant()
    def the_position_is_before_the_first_unfinished_record(self) -> None:
        if self.holdings is None:
            return
        self.holdings.book()
        held = self.holdings[PARTITION]
        finished = self.reported | self.safe
        unfinished = [offset for offset in self.log if held.next > offset and offset not in finished]
        expected = unfinished[0] if unfinished else held.next
        behind = [offset for offset in self.log if offset < held.position]
        assert held.position <= expected
        assert set(behind) <= finished
        assert not [offset for offset in self.log if held.position <= offset < expected]
