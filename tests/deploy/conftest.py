from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schemas.config import load
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import Config


@pytest.fixture
def validate(tmp_path: Path) -> Callable[..., Config]:
    """Validates a configuration whose secrets and certificates would be mounted at the given places."""

    def check(text: str, *mounts: str) -> Config:
        folder = tmp_path / "mounted"
        for mount in mounts:
            text = text.replace(mount, str(folder))
        for line in text.splitlines():
            for word in line.replace("}", " ").replace(",", " ").split():
                if word.startswith(str(folder)):
                    folder.mkdir(exist_ok=True)
                    Path(word).write_text("a secret that is long enough to be a key")
        (tmp_path / "reflexarc.yaml").write_text(text)
        return load(tmp_path / "reflexarc.yaml", sink_models=model, sink_types=tuple(SINKS))

    return check
