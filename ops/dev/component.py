"""What the local stack tells about itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Kind = Literal["kafka", "vcsim", "rabbitmq"]
State = Literal["running", "stopped", "external", "absent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part of the stack.

    Attributes:
        name: ``kafka``, ``vc1``, ``vc2`` or ``rabbitmq``; unique in a stack.
        kind: what it is, whoever runs it.
        state: ``running`` and ``stopped`` are ours, ``external`` is the user's own, ``absent`` has no process.
        real: False for a stand-in that promises less than the real thing.
        answers: False when it runs, but does not serve, or not with every node; the note says what it lacks.
        endpoint: where clients connect: ``host:port`` of a broker, several with commas between, URL of everything else.
        pid: of the process that serves, while it runs; of the first one in a cluster.
        processes: pid by name of every process that serves; None for one that does not run.
        log: its output.
        note: one line for the operator; empty when there is nothing to say.
        details: what clients need beside the endpoint (``username``, ``password_file``, ``ca_file`` …).
    """

    name: str
    kind: Kind
    state: State
    real: bool
    answers: bool = True
    endpoint: str | None = None
    pid: int | None = None
    processes: Mapping[str, int | None] = field(default_factory=lambda: MappingProxyType({}))
    log: Path | None = None
    note: str = ""
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def as_json(self) -> dict[str, Any]:
        """The component as plain JSON values."""
        return {
            "name": self.name,
            "kind": self.kind,
            "state": self.state,
            "real": self.real,
            "answers": self.answers,
            "endpoint": self.endpoint,
            "pid": self.pid,
            "processes": dict(self.processes),
            "log": str(self.log) if self.log else None,
            "note": self.note,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Status:
    """The whole stack, in the order in which its components are listed."""

    components: tuple[Component, ...]

    def __getitem__(self, name: str) -> Component:
        """The component of that name.

        Raises:
            ReflexarcError: the stack has none.
        """
        for component in self.components:
            if component.name == name:
                return component
        known = ", ".join(component.name for component in self.components) or "nothing"
        raise ReflexarcError(f"the local stack has no {name!r}", cure=f"it has {known}; see reflexarc dev up")

    def of_kind(self, kind: Kind) -> tuple[Component, ...]:
        """Every component of one kind."""
        return tuple(component for component in self.components if component.kind == kind)
