"""What a value may be checked against: the folder of the file, the environment, the names the file defines."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Surroundings of one configuration file, handed to pydantic as the validation context.

    A model built without a scope reads relative paths from the working directory, takes the environment of the
    process and does not check names against anything.

    Attributes:
        folder: relative paths start here.
        environ: where ``${NAME}`` looks.
        vcenters: names of the configured vCenters; None when not known.
        sinks: names of the configured sinks; None when not known.
        kafka: the ``kafka`` part as it is written; empty when not known.
    """

    folder: Path = field(default_factory=Path)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    vcenters: Collection[str] | None = None
    sinks: Collection[str] | None = None
    kafka: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Any) -> Scope:
        """The scope of a running validation (``info.context``), or the neutral one."""
        return context if isinstance(context, cls) else cls()

    def path(self, text: str) -> Path:
        """``text`` as a path, from the folder of the file when it is relative; ``~`` is the home folder."""
        return self.folder / Path(text).expanduser()
