from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from sinks.vrops import VropsConfig

if TYPE_CHECKING:
    from pathlib import Path


def configured(folder: Path, **fields: Any) -> VropsConfig:
    (folder / "secret").write_text("correct-horse\n")
    given = {"name": "ops", "type": "vrops", "url": "https://ops.example", "username": "u"}
    return VropsConfig.model_validate({**given, "password_file": str(folder / "secret"), **fields})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": "http://ops.example"}, "unencrypted"),
        ({"duration": "90s"}, "no whole number of minutes"),
        ({"duration": "4h", "end": "{data.Until}"}, "cannot go with duration"),
        ({"duration": "4h", "mode": "exit"}, "no effect with mode: exit"),
        ({"instance_uuids": {"vc1": "vc1"}}, "is no instance UUID"),
        ({"end": "{data.Until"}, "braces"),
        ({"insecure": True, "ca_file": __file__}, "no effect with insecure"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        configured(tmp_path, **fields)


@pytest.mark.parametrize("url", ["https://ops.example", "https://ops.example/", "https://ops.example/suite-api/"])
def test_the_service_is_found_below_the_address(tmp_path: Path, url: str) -> None:
    assert "https://ops.example/suite-api" == configured(tmp_path, url=url).service
