"""Where machines are that people have done away with, and for how long."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.config.model import Model
from schemas.config.units import Duration


class QuarantineConfig(Model):
    """What `nuke` leaves."""

    folder: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$")] = Field(
        "reflexarc-quarantine", description="Folder on the machine's own datastore."
    )
    purge_after: Duration = Field(
        14 * 86_400.0, ge=3600, le=3660 * 86_400, description="Time after which its files may be deleted."
    )
