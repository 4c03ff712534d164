from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from sinks.vro import VroConfig

if TYPE_CHECKING:
    from pathlib import Path


def configured(folder: Path, **fields: Any) -> VroConfig:
    secret = folder / "secret"
    secret.write_text("correct-horse\n")
    given = {"name": "w", "type": "vro", "url": "https://vro.example", "workflow": "w1", "username": "u"}
    merged = {**given, "password_file": str(secret), **fields}
    settings = {key: str(secret) if value == "SECRET" else value for key, value in merged.items() if value is not None}
    return VroConfig.model_validate(settings)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": "http://vro.example"}, "unencrypted"),
        ({"auth": "bearer", "auth_url": "http://login.example"}, "unencrypted"),
        ({"workflow": "Disable vNIC"}, "is no id of a workflow"),
        ({"username": None, "password_file": None}, "is missing"),
        ({"password_file": None}, "without its other half"),
        ({"refresh_token_file": "SECRET"}, "no effect with auth: basic"),
        ({"auth_url": "https://login.example"}, "no effect with auth: basic"),
        ({"auth": "bearer", "refresh_token_file": "SECRET"}, "cannot go with username"),
        ({"once": False, "repeat_failed": True}, "no effect with once: false"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        configured(tmp_path, **fields)


def test_tokens_come_from_the_server_itself_unless_told(tmp_path: Path) -> None:
    bearer = configured(tmp_path, auth="bearer", url="https://vro.example/vco/api/")
    elsewhere = configured(tmp_path, auth="bearer", auth_url="https://api.mgmt.cloud.vmware.com/")

    assert ("https://vro.example/vco/api", "https://vro.example") == (bearer.service, bearer.issuer)
    assert "https://api.mgmt.cloud.vmware.com" == elsewhere.issuer
