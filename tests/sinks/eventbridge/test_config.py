from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from sinks.eventbridge.config import EventBridgeConfig
from tests.sinks.eventbridge.bus import CLASSIC, V2

if TYPE_CHECKING:
    from pathlib import Path


def read(**fields: Any) -> EventBridgeConfig:
    return EventBridgeConfig.model_validate({"name": "s", **fields})


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"bus": "no bus"}, "is not an event bus of api: classic .write its name"),
        ({"bus": V2}, "is not an event bus of api: classic"),
        ({"bus": CLASSIC, "api": "v2"}, "is not an event bus of api: v2 .write arn:aws:events:<region>"),
        ({"api": "v2"}, "is not an event bus of api: v2"),
        ({"bus": CLASSIC, "region": "us-east-1"}, "is another region than the bus's"),
        ({"batch": 11}, "is more than a call of api: classic takes .at most 10"),
        ({"bus": V2, "api": "v2", "batch": 101}, "less than or equal to 100"),
        ({"endpoint": "http://host.example"}, "unencrypted"),
        ({"endpoint": "https://user:pass@host.example"}, "holds credentials"),
        ({"offload": {"bucket": "b-1", "endpoint": "http://host.example"}}, "unencrypted"),
        ({"offload": {"bucket": "No_Bucket"}}, "bucket"),
        ({"offload": {"bucket": "b-1", "prefix": "a b"}}, "prefix"),
        ({"insecure": True, "ca_file": "ca.pem"}, "no effect with insecure"),
        ({"max_entry_bytes": "2MiB"}, "max_entry_bytes"),
        ({"region": "Frankfurt!"}, "region"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(
    fields: dict[str, Any], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ca.pem").touch()

    with pytest.raises(ValidationError, match=what):
        read(**fields)


@pytest.mark.parametrize(
    ("fields", "region"),
    [
        ({}, None),
        ({"region": "us-east-1"}, "us-east-1"),
        ({"bus": CLASSIC}, "eu-central-1"),
        ({"bus": CLASSIC, "region": "eu-central-1"}, "eu-central-1"),
        ({"bus": V2, "api": "v2"}, "eu-central-1"),
        ({"bus": "arn:aws-us-gov:events:us-gov-west-1:123456789012:event-bus/a.b_c-d"}, "us-gov-west-1"),
    ],
)
def test_the_region_is_the_written_one_or_that_of_the_bus(fields: dict[str, Any], region: str | None) -> None:
    assert region == read(**fields).home()


@pytest.mark.parametrize(
    ("fields", "spelling"),
    [
        ({}, "vsphere"),
        ({"mapping": "event-router"}, "event-router"),
        ({"mapping": "event-router", "type_format": "vsphere"}, "vsphere"),
        ({"type_format": "event-router"}, "event-router"),
    ],
)
def test_the_type_is_spelled_as_written_or_as_the_mapping_goes(fields: dict[str, Any], spelling: str) -> None:
    assert spelling == read(**fields).spelling()
