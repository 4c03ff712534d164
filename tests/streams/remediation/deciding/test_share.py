from __future__ import annotations

import asyncio

import pytest

from streams.guard import Ledger
from streams.remediation.deciding.share import Share
from streams.transport import Lease, Record


def lease() -> Lease:
    return Lease(asyncio.get_running_loop())


async def test_it_serves_both_topics_of_one_owner() -> None:
    share, requests, urgent = Share(3, Ledger(), {}), lease(), lease()
    assert [True] * 4 == [share.serves(*each) for each in [("r", requests), ("u", urgent)] * 2]


@pytest.mark.parametrize("topic", ["r", "u"])
async def test_it_ends_with_the_first_lease_and_with_a_new_one(topic: str) -> None:
    share, leases = Share(3, Ledger(), {}), {"r": lease(), "u": lease()}
    for each, held in leases.items():
        share.serves(each, held)
    assert not share.serves("r", lease())
    leases[topic].close()
    assert [False] * 3 == [share.serves(*each) for each in [*leases.items(), ("r", lease())]]


async def test_something_may_be_stored_as_long_as_one_lease_is_open() -> None:
    share, requests, urgent = Share(3, Ledger(), {}), lease(), lease()
    found = [share.lease]
    share.serves("r", requests)
    share.serves("u", urgent)
    for each in (requests, urgent):
        each.close()
        found.append(share.lease)
    assert [None, urgent, None] == found


async def test_what_is_held_is_released_once() -> None:
    share, held = Share(3, Ledger(), {}), lease()
    share.hold("a", held, Record("r", 3, 7, 0, None, None, ()))
    assert [(held, 7), None] == [share.release("a"), share.release("a")]
