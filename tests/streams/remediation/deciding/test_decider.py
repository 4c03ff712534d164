from __future__ import annotations

import pytest

from streams.transport.lease import Revoked
from tests.streams.guard.asking import request
from tests.streams.remediation.deciding.deciding import Role


async def test_what_comes_again_is_not_decided_again_after_a_restart_either() -> None:
    role = Role()
    await role.ask(request().encode(), request().encode())
    await role.app.recover()
    role.assign()
    await role.ask(request().encode())
    assert (1, [0]) == (len(role.app.told("approved")), role.requests.reports())


async def test_nothing_is_decided_without_the_memory_of_what_was() -> None:
    """While a partition leaves, the lease of one of its topics is closed before that of the other."""
    role = Role()
    await role.ask(request().encode())
    await role.say(request("e2").encode())
    role.requests.close()
    sent = len(role.app.sent)
    with pytest.raises(Revoked):
        await role.say(request().encode(), first=1)
    assert (sent, [0]) == (len(role.app.sent), role.urgent.reports())
    await role.app.recover()
    role.assign()
    await role.say(request().encode(), first=1)
    assert ([1], 1) == (role.urgent.reports(), len(role.app.told("approved")))
