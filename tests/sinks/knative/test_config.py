from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from schemas.config import Scope
from sinks.knative import KnativeConfig

if TYPE_CHECKING:
    from pathlib import Path

REF = {"apiVersion": "v1", "kind": "Service", "name": "display"}
OVERRIDES = '{"extensions": {"cluster": "north"}}'


def config(environ: dict[str, str], **fields: Any) -> KnativeConfig:
    given = {"name": "s", "type": "knative", **fields}
    return KnativeConfig.model_validate(given, context=Scope(environ=environ))


def test_the_address_comes_from_the_binding_unless_it_is_written() -> None:
    bound = {"K_SINK": "http://broker.bound.svc/", "K_CE_OVERRIDES": OVERRIDES}

    assert ("http://broker.bound.svc/", {"cluster": "north"}) == (config(bound).uri, config(bound).ce_overrides)
    written = config(bound, uri="http://written.svc/")
    assert ("http://written.svc/", {}) == (written.uri, written.ce_overrides)
    referred = config(bound, ref=REF)
    assert (None, {}) == (referred.uri, referred.ce_overrides)


@pytest.mark.parametrize("overrides", ["", "{}", '{"extensions": null}', '{"extensions": {}}'])
def test_a_binding_need_not_override_anything(overrides: str) -> None:
    assert {} == config({"K_SINK": "http://x", "K_CE_OVERRIDES": overrides}).ce_overrides


@pytest.mark.parametrize(
    ("environ", "fields", "what"),
    [
        ({}, {}, "is missing"),
        ({"K_SINK": "broker"}, {}, "is not an http or https URL"),
        ({"K_SINK": "http://x", "K_CE_OVERRIDES": "["}, {}, "no JSON object"),
        ({"K_SINK": "http://x", "K_CE_OVERRIDES": "[]"}, {}, "no JSON object"),
        ({"K_SINK": "http://x", "K_CE_OVERRIDES": '{"extensions": {"a": 1}}'}, {}, "no texts by name"),
        ({"K_SINK": "http://x", "K_CE_OVERRIDES": '{"extensions": {"Two words": "1"}}'}, {}, "no attribute name"),
        ({}, {"uri": "http://x", "ce_overrides": {"id": "1"}}, "reserved name"),
        ({}, {"uri": "http://x", "ref": REF}, "cannot go with a uri"),
        ({}, {"uri": "http://x", "kubernetes": {"url": "https://api"}}, "no effect without a ref"),
        ({}, {"ref": {**REF, "name": "../x"}}, "should match pattern"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(environ: dict[str, str], fields: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        config(environ, **fields)


def test_a_token_is_not_sent_in_clear(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("token")
    kubernetes = {"url": "http://api.example.org", "token_file": str(tmp_path / "token")}

    with pytest.raises(ValidationError, match="would send the secret unencrypted"):
        config({}, ref=REF, kubernetes=kubernetes)
