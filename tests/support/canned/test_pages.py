from __future__ import annotations

import pytest

from ingest.vcenter import decode_page
from tests.support.canned.pages import PAGES, made, templates
from tests.support.canned.soap import response

CREATED = b"2026-11-28T12:00:00.123456Z"


@pytest.mark.parametrize("kind", PAGES)
def test_every_recorded_event_comes_again_under_another_key(kind: str) -> None:
    given = templates(kind)
    rendered = (template.render(key, CREATED) for key, template in enumerate(given))
    found = decode_page(response("ReadNextEvents", rendered))
    assert [(key, each.name, each.entity) for key, each in enumerate(given)] == [
        (each.key, each.name, each.entity) for each in found
    ]
    assert {CREATED.decode()} == {each.created_time for each in found}


def test_the_full_message_can_be_left_out() -> None:
    template = made("Event", b"<userName>x</userName><fullFormattedMessage>all of it</fullFormattedMessage>")
    assert b"<userName>x</userName>" == template.without_message().body
