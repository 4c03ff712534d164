"""What a file says about a sink that asks for actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from schemas.config import load
from schemas.errors import ConfigError
from sinks import registry

if TYPE_CHECKING:
    from pathlib import Path


def faults(folder: Path, sink: dict[str, Any], **remediation: Any) -> list[tuple[str, str]]:
    """Place and fault of each problem of a file with that sink."""
    (folder / "answer.key").write_text("k" * 32)
    (path := folder / "reflexarc.yaml").write_text(
        yaml.safe_dump({"kafka": {"bootstrap": "a:1"}, "sinks": {"quiet": sink}, "remediation": remediation})
    )
    try:
        load(path, sink_models=registry.model, sink_types=tuple(registry.SINKS))
    except ConfigError as error:
        return [(problem.where, problem.what) for problem in error.problems]
    return []


@pytest.mark.parametrize("kind", ["remediation", "vsphere"])
@pytest.mark.parametrize("key", [{}, {"answer_key_file": "answer.key"}])
@pytest.mark.parametrize("said", [{}, {"parameters": {"expires": None}}])
def test_what_ends_by_itself_needs_a_key_and_somebody_who_decides(
    tmp_path: Path, kind: str, key: dict[str, str], said: dict[str, Any]
) -> None:
    expected = []
    if not said and kind == "vsphere":
        expected = [("sinks.quiet.parameters.expires", "is nothing that a sink of type vsphere does")]
    elif not said and not key:
        expected = [("sinks.quiet.parameters.expires", "needs a key that its end is signed with")]
    assert expected == faults(tmp_path, {"type": kind, "action": "disable-alarm-actions", **said}, **key)
