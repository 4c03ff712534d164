from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import seal
from schemas.keys import SHORTEST, keyring

OLD, NEW = keyring([b"o" * SHORTEST, b"n" * SHORTEST])
ADDRESS = "https://hooks.slack.com/commands/T1/2/3"
EXPIRY = 1_800_000_000


def sealed(text: str = ADDRESS) -> str:
    return seal.seal(text, [NEW, OLD], source="/s", id="1", expiry=EXPIRY)


def opened(text: str, *, source: str = "/s", id_: str = "1", now: float = EXPIRY - 1, ring: object = None) -> str:
    return seal.open(text, ring or [NEW], source=source, id=id_, now=now)


@given(st.text(max_size=300))
def test_what_was_sealed_is_opened_by_whoever_has_the_key(text: str) -> None:
    assert text == opened(sealed(text))


def test_a_key_that_is_not_the_first_any_more_still_opens() -> None:
    assert ADDRESS == opened(sealed(), ring=[OLD, NEW])
    with pytest.raises(seal.Unopened, match="sealed with the key"):
        opened(sealed(), ring=[OLD])


def test_no_two_seals_are_alike_and_none_shows_what_it_holds() -> None:
    first, second = sealed(), sealed()

    assert first != second
    assert "slack" not in first


@given(st.data())
def test_a_seal_with_any_character_changed_is_not_opened(data: st.DataObject) -> None:
    text = sealed()
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(sorted(set(string.ascii_letters + string.digits + "-_.=") - {text[place]})))

    with pytest.raises(seal.Unopened):
        opened(text[:place] + other + text[place + 1 :])


@given(st.data())
def test_a_seal_that_is_cut_or_goes_on_is_not_opened(data: st.DataObject) -> None:
    text = sealed()
    changed = data.draw(st.sampled_from([text[: data.draw(st.integers(0, len(text) - 1))], f"{text}A", f"{text}\n"]))

    with pytest.raises(seal.Unopened):
        opened(changed)


@pytest.mark.parametrize("other", [{"source": "/t"}, {"id_": "2"}, {"source": "/s1", "id_": ""}])
def test_a_seal_that_is_put_on_another_event_is_not_opened(other: dict[str, str]) -> None:
    with pytest.raises(seal.Unopened, match="another event"):
        opened(sealed(), **other)


@given(st.floats(min_value=0, max_value=1e6))
def test_a_seal_opens_until_it_expires(after: float) -> None:
    assert ADDRESS == opened(sealed(), now=EXPIRY - 1 - after)
    with pytest.raises(seal.Unopened, match="expired"):
        opened(sealed(), now=EXPIRY + after)


@given(st.integers(0, 10**12 - 1).filter(lambda other: other != EXPIRY))
def test_a_time_that_was_put_off_or_brought_forward_is_noticed(other: int) -> None:
    with pytest.raises(seal.Unopened, match="was changed"):
        opened(sealed().replace(f".{EXPIRY}.", f".{other}."), now=0)


@given(st.text() | st.from_regex(r"v1\.[0-9a-f]{16}\.[0-9]{10}\.[A-Za-z0-9_-]{0,40}", fullmatch=True))
def test_whatever_stands_there_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(seal.Unopened) as refused:
        opened(text, ring=[OLD])

    assert len(text) < 8 or text not in str(refused.value)


def test_what_is_too_long_is_not_even_looked_at() -> None:
    with pytest.raises(seal.Unopened, match="not a sealed text"):
        opened(sealed("x" * seal.LONGEST))
