from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from sinks.openfaas import OpenFaasConfig
from tests.sinks.bench import SECRET

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"username": "admin"}, "without its other half"),
        ({"gateway": "http://gateway.openfaas:8080", "username": "admin", "password_file": "secret"}, "unencrypted"),
        ({"refresh": 0}, "greater than 0"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(
    fields: dict[str, object], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text(SECRET)

    with pytest.raises(ValidationError, match=what):
        OpenFaasConfig.model_validate({"name": "s", "type": "openfaas", "gateway": "http://127.0.0.1:8080", **fields})
