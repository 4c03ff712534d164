from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.deadletters.again import again, check
from ops.deadletters.letter import Letter
from schemas.errors import ReflexarcError, Reject
from streams.delivery.dlq import dead_letter
from tests.ops.deadletters.letters import record
from tests.ops.deadletters.written import dead


@given(
    headers=st.lists(st.tuples(st.text(max_size=9), st.none() | st.binary(max_size=9))),
    value=st.none() | st.binary(max_size=9),
    key=st.none() | st.binary(max_size=9),
)
def test_what_is_sent_again_is_what_was_read(
    headers: list[tuple[str, bytes | None]], value: bytes | None, key: bytes | None
) -> None:
    """Nothing of the original is lost on its way through the dead letters, and nothing but its origin is taken."""
    given = record("dc", "functions", 1)._replace(headers=headers, value=value, key=key)
    outgoing = dead_letter(given, "dc.dlq.functions", Reject("gone"), attempts=1)
    letter = Letter(outgoing.topic, 0, 7, 0, outgoing.key, outgoing.value, tuple(outgoing.headers))
    sent = again("dc", "functions", letter)
    marked = [*headers, ("reflexarc_redriven", b"dc.dlq.functions/0/7")]
    assert ("dc.sink.functions", value, key, marked) == (sent.topic, sent.value, sent.key, list(sent.headers))


def test_a_letter_that_was_sent_again_before_names_the_last_one() -> None:
    """One mark is enough."""
    letter = dead(1)
    letter = replace(letter, headers=(("reflexarc_redriven", b"x/0/0"), *letter.headers))
    marks = [value for name, value in again("dc", "functions", letter).headers if name == "reflexarc_redriven"]
    assert [b"dc.dlq.functions/0/1"] == marks


def test_what_never_was_an_event_is_refused() -> None:
    """The message says what to do instead."""
    with pytest.raises(ReflexarcError, match="never became events"):
        check("ingest")
