from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.config.webhook import EndpointConfig


def test_the_sources_of_a_door_are_written_as_its_events_have_them() -> None:
    given = ("/backup/site-a", "https://siem.example.org/*")
    assert given == EndpointConfig(type="cloudevents", sources=given).sources


@pytest.mark.parametrize("source", ["", "*", "**", "/a*/b", "*/a", "/a\n", "/" + 200 * "a"])
def test_what_could_not_be_the_source_of_one_sender_is_refused(source: str) -> None:
    with pytest.raises(ValidationError, match="write "):
        EndpointConfig(type="event-router", sources=(source,))


@pytest.mark.parametrize("settings", [{"sources": ["/a"]}, {"trusted": True}])
def test_a_sender_whose_events_are_made_here_claims_nothing(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="has no effect on type log-alert, whose events get their source here"):
        EndpointConfig.model_validate({"type": "log-alert", **settings})
