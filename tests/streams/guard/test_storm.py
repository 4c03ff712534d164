from __future__ import annotations

from collections import Counter

from streams.guard import Ledger
from tests.streams.guard.asking import NOW, entity, guard, request, sink

RADIUS = [{"per": "vcenter", "actions": 5, "within": "1m"}]
EVENTS, ENTITIES, SECONDS = 5000, 500, 130


def test_of_a_storm_exactly_what_is_allowed_is_done() -> None:
    """5 a minute pass, whatever comes; all the rest is refused with a reason, and told so again."""
    ours, ledger = guard(sink(), blast_radius=RADIUS, cool_down=1), Ledger()
    approved, rules = list[float](), Counter[str]()
    for number in range(EVENTS):
        now = NOW + number * SECONDS / EVENTS
        asked = request(f"e{number}", on=entity(number % ENTITIES), caused={"time": now})
        decision = ours.decide(asked, ledger, now, paused=None)
        ledger.put(decision)
        rules[decision.rule] += 1
        if decision.verdict == "approved":
            approved.append(now - NOW)
        else:
            assert decision.reason
        assert decision == ours.decide(asked, ledger, now + 60, paused=None)
    assert [0, 60, 120] == sorted({round(each) for each in approved})
    assert 15 == len(approved)
    assert EVENTS - 15 == rules["blast-radius"] + rules["cool-down"]
