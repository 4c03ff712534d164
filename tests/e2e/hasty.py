"""``reflexarc`` in a hurry: leases are looked at every second, and days in quarantine are seconds."""

from __future__ import annotations

from ops.cli import main
from streams.commanding import asking, away, expiry
from streams.commanding.expiry import Expiry

GRACE = 6.0
"""Seconds from a power-off to the quarantine."""

KEEP = 5.0
"""Seconds for which files stay there."""


def hurry() -> None:
    """Have seconds for days."""
    put_away, begin = away.put_away, Expiry.__init__

    async def put(entity, parameters, keep, targets):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return await put_away(entity, parameters, keep and KEEP, targets)

    def begun(self, prefix, commands, *given, **said):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN003, ANN202
        lease = commands.lease.model_copy(update={"grace": GRACE})
        begin(self, prefix, commands.model_copy(update={"lease": lease}), *given, **said)

    Expiry.first, Expiry.every = 0.5, 1.0
    Expiry.__init__ = begun  # type: ignore[method-assign]
    asking.put_away = expiry.put_away = put  # type: ignore[attr-defined]


if __name__ == "__main__":
    hurry()
    main()
