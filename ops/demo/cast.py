"""Which parts of the stack play in the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.dev.component import Component, Status


@dataclass(frozen=True, slots=True)
class Cast:
    """The parts, by the role they play."""

    kafka: Component
    simulators: tuple[Component, ...]
    rabbitmq: Component | None

    @classmethod
    def of(cls, status: Status) -> Cast:
        """Read it off the stack."""
        rabbitmq = next((part for part in status.of_kind("rabbitmq") if part.endpoint), None)
        return cls(status.of_kind("kafka")[0], status.of_kind("vcsim"), rabbitmq)

    @property
    def live(self) -> bool:
        """Whether there are vCenters to act on, not only recorded pages."""
        return all(part.real for part in self.simulators)
