from __future__ import annotations

from schemas.remediation.request import NOWHERE
from streams.guard.rules import target
from tests.streams.guard.asking import question, request


def test_a_target_in_the_scope_passes() -> None:
    assert target.check(question()) is None


def test_what_was_not_found_is_refused_in_the_resolvers_words() -> None:
    asked = request(entity=None, unresolved="web-1 is vc1/vm-1 or vc2/vm-7", scope=NOWHERE)
    assert "web-1 is vc1/vm-1 or vc2/vm-7" == target.check(question(asked))


def test_a_target_of_another_scope_is_refused() -> None:
    assert "is not in vc2" in (target.check(question(request(scope="vc2"))) or "")
