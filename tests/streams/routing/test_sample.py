from __future__ import annotations

from streams.filters import View
from streams.routing.sample import Sample

EVENTS = [View.of_attributes({"source": "https://vc1/sdk", "id": f"vc1/0/{key}"}) for key in range(20_000)]


def test_a_sample_has_the_share_that_was_asked_for() -> None:
    assert 1_800 < sum(Sample(0.1).holds(event) for event in EVENTS) < 2_200


def test_a_larger_sample_holds_the_smaller_one_and_a_second_look_is_the_same() -> None:
    small = {n for n, event in enumerate(EVENTS) if Sample(0.1).holds(event)}
    assert small == {n for n, event in enumerate(EVENTS) if Sample(0.1).holds(event)}
    assert small <= {n for n, event in enumerate(EVENTS) if Sample(0.3).holds(event)}
