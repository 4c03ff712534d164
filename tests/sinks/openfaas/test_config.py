from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from schemas.config import Scope
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


CALLBACK = {"listen": "0.0.0.0:8090", "url": "http://${POD_IP}:8090/back"}


def test_a_callback_address_may_be_of_the_process_itself() -> None:
    given = {"name": "s", "gateway": "http://gateway:8080", "async": True, "callback": CALLBACK}
    config = OpenFaasConfig.model_validate(given, context=Scope(environ={"POD_IP": "10.0.0.7"}))

    assert "http://10.0.0.7:8090/back" == config.callback.url
    assert config.timeout == config.callback_timeout


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"callback": CALLBACK}, "POD_IP is not set"),
        ({"callback": {**CALLBACK, "url": 5}}, "is not an http or https URL"),
        ({"callback": {**CALLBACK, "listen": "8090"}}, "is not host:port"),
        ({"async": False, "callback": {"listen": "[::1]:80", "url": "http://[::1]"}}, "without async: true"),
        ({"callback": {"listen": "[::1]:80", "url": "http://[::1]", "timeout": "46s"}}, "longer than 3 times"),
    ],
)
def test_a_callback_that_cannot_work_is_refused(fields: dict[str, object], what: str) -> None:
    given = {"name": "s", "gateway": "http://gateway:8080", "async": True, **fields}
    with pytest.raises(ValidationError, match=what):
        OpenFaasConfig.model_validate(given, context=Scope(environ={}))
