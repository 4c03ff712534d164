"""Dead letters without a broker."""

from __future__ import annotations

from ops.deadletters.letter import Letter
from tests.ops.deadletters.letters import letter, record


def dead(
    number: int,
    *,
    key: bytes | None = b"vc1/vm-1",
    origin: str | None = None,
    reason: str = "HTTP 400",
    status: str = "400",
) -> Letter:
    """The letter of event ``number`` of the sink ``functions``, as it lies at offset ``number`` of partition 0."""
    outgoing = letter(
        "dc", record("dc", "functions", number, key=key, origin=origin), "functions", reason=reason, status=status
    )
    return Letter(outgoing.topic, 0, number, 1_000 * number, outgoing.key, outgoing.value, tuple(outgoing.headers))
