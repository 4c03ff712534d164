"""Events that ask for an action to be taken back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.remediation.undo import Undo, source
from sinks.remediation.causes import cause
from sinks.remediation.undoing import event_of
from tests.streams.guard.asking import entity, request


@given(at=st.floats(min_value=0, max_value=4e9))
def test_the_event_of_an_undo_is_the_one_that_may_carry_it(at: float) -> None:
    """Its time survives being written."""
    word = Undo(
        id="0123456789abcdef", sink="act", action="power-on", entity="vc1/vm-1", before={}, person="cli/anna", at=at
    )
    asked = cause(event_of("dc", word, entity()), {})
    word.check(request(asked.id, caused=asked.model_dump(exclude={"id"}), undo=word), source("dc"))
