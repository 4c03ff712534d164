from __future__ import annotations

import pytest

from ingest.webhook.registry import ADAPTERS, build
from schemas.config import EndpointConfig
from schemas.config.webhook.endpoint import TYPES, WITH_TAILS
from tests.support import slack


def test_every_type_of_the_configuration_has_an_adapter_and_every_adapter_a_type() -> None:
    assert set(TYPES) == set(ADAPTERS)


@pytest.mark.parametrize("kind", ADAPTERS)
def test_an_adapter_says_what_it_takes_and_goes_on_behind_its_path_only_where_the_configuration_knows(
    kind: str,
) -> None:
    adapter = build(EndpointConfig.model_validate(slack.endpoint() if kind == "slack" else {"type": kind}))

    assert adapter.accepts
    assert (kind in WITH_TAILS) is adapter.tails
    assert {"POST"} <= set(adapter.methods) <= {"POST", "PUT"}
