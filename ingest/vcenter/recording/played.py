"""What a process has played, as its own metrics tell it."""

from __future__ import annotations

from typing import NamedTuple, Self

from prometheus_client import REGISTRY

from ingest.vcenter.decoding.unknowns import UNKNOWNS


class Played(NamedTuple):
    """Numbers of one vCenter name.

    Attributes:
        events: committed to Kafka.
        duplicates: known already, and left out.
        dead_letters: what could not become events.
        missing: keys that are not in the recording, between others that are.
        unknown: what the decoder did not know, by kind and name.
    """

    events: int
    duplicates: int
    dead_letters: int
    missing: int
    unknown: dict[str, int]

    @classmethod
    def under(cls, vcenter: str) -> Self:
        """Everything since the process started."""
        counts = (
            REGISTRY.get_sample_value(f"reflexarc_ingest_{name}_total", {"vcenter": vcenter})
            for name in ("events", "duplicates", "dead_letters", "missing_events")
        )
        unknown = {f"{kind} {name}": count for (kind, name), count in sorted(UNKNOWNS.names().items())}
        events, duplicates, dead_letters, missing = (int(count or 0) for count in counts)
        return cls(events, duplicates, dead_letters, missing, unknown)

    def rows(self) -> list[tuple[str, int]]:
        """Each number with what it counts; what is unknown by its name."""
        numbers = self._asdict()
        named = numbers.pop("unknown")
        return [(key.replace("_", " "), number) for key, number in numbers.items()] + [
            (f"unknown {what}", number) for what, number in named.items()
        ]
