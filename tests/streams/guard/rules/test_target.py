from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.remediation.request import NOWHERE
from streams.guard import Ledger
from streams.guard.rules import target
from tests.streams.guard.asking import NOW, entity, guard, question, request

if TYPE_CHECKING:
    from schemas.remediation.request import Request


def remembering(*asked: Request) -> Ledger:
    """What is remembered once these were decided on."""
    ledger, ours = Ledger(), guard(cool_down=0)
    for each in asked:
        ledger.put(ours.decide(each, ledger, NOW, paused=None))
    return ledger


def part(number: int, of: int, on: int = 1) -> Request:
    return request(part=number, parts=of, on=entity(on))


def test_a_target_in_the_scope_passes() -> None:
    assert target.check(question()) is None


def test_what_was_not_found_is_refused_in_the_resolvers_words() -> None:
    asked = request(entity=None, unresolved="web-1 is vc1/vm-1 or vc2/vm-7", scope=NOWHERE)
    assert "web-1 is vc1/vm-1 or vc2/vm-7" == target.check(question(asked))


def test_a_target_of_another_scope_is_refused() -> None:
    assert "is not in vc2" in (target.check(question(request(scope="vc2"))) or "")


def test_a_part_is_asked_about_whatever_became_of_the_others() -> None:
    assert target.check(question(part(2, of=2), remembering(part(1, of=2)))) is None
    assert target.check(question(part(2, of=2), Ledger())) is None


def test_an_event_never_becomes_more_requests_than_the_first_time() -> None:
    refused = target.check(question(part(3, of=3), remembering(part(1, of=2), part(2, of=2))))
    assert "its event had become 2 requests when it was first heard, this is number 3" == refused


def test_an_event_that_was_refused_as_a_whole_becomes_no_parts_afterwards() -> None:
    whole = request(entity=None, unresolved="3 GiB are missing", scope="vc1")
    refused = target.check(question(part(1, of=1), remembering(whole)))
    assert "its event was refused as a whole when it was first heard: 3 GiB are missing" == refused


def test_parts_of_another_event_or_sink_are_not_meant() -> None:
    before = remembering(request("e2", part=1, parts=1), request("e3", entity=None, unresolved="no", scope="vc1"))
    assert target.check(question(part(2, of=2), before)) is None
