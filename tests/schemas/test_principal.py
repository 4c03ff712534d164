from __future__ import annotations

import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent
from schemas.keys import SHORTEST, keyring
from schemas.principal import EXTENSION, Principal, Unverified, sign, verify

OLD, NEW = keyring([b"o" * SHORTEST, b"n" * SHORTEST])
WHO = Principal(team="T1", user="U1", channel="C1", verified="slack-v0", time=1_800_000_000)
EVENT = CloudEvent(
    id="1",
    source="/s",
    type="t",
    subject="/vm",
    time="2027-01-15T08:00:00Z",
    datacontenttype="application/json",
    data=b'{"text":"power-off vm1"}',
)


def carrying(signature: str, event: CloudEvent = EVENT) -> CloudEvent:
    return replace(event, extensions={**event.extensions, EXTENSION: signature})


SIGNED = sign(WHO, EVENT, [NEW, OLD])

names = st.text(max_size=20)


@given(st.builds(Principal, team=names, user=names, channel=names, verified=st.just("slack-v0"), time=st.integers()))
def test_who_was_signed_is_who_is_read(who: Principal) -> None:
    assert who == verify(carrying(sign(who, EVENT, [NEW])), [OLD, NEW])


@given(st.data())
def test_a_signature_with_any_character_changed_is_refused(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(SIGNED) - 1))
    other = data.draw(st.sampled_from(sorted(set(string.ascii_letters + string.digits + "-_.=") - {SIGNED[place]})))

    with pytest.raises(Unverified):
        verify(carrying(SIGNED[:place] + other + SIGNED[place + 1 :]), [NEW])


@pytest.mark.parametrize(
    "change",
    [
        {"id": "2"},
        {"source": "/t"},
        {"type": "u"},
        {"subject": "/host"},
        {"subject": None},
        {"time": None},
        {"datacontenttype": None},
        {"data": b'{"text":"power-off vm2"}'},
        {"data": None},
    ],
)
def test_a_principal_that_is_put_on_another_event_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Unverified, match="not for this event"):
        verify(carrying(SIGNED, replace(EVENT, **change)), [NEW])


def test_what_is_added_to_an_event_on_its_way_takes_nothing_from_it() -> None:
    assert WHO == verify(carrying(SIGNED, replace(EVENT, extensions={"traceparent": "00-1"})), [NEW])


def test_another_key_is_none_and_so_is_no_signature() -> None:
    for event, ring in ((carrying(SIGNED), [OLD]), (carrying(SIGNED), []), (EVENT, [NEW]), (carrying("x"), [NEW])):
        with pytest.raises(Unverified):
            verify(event, ring)


def test_a_signed_principal_of_an_unknown_form_is_refused() -> None:
    later = Principal.model_construct(team="T1", user="U1", channel="C1", verified="saml", time=1)

    with pytest.raises(Unverified, match="form"):
        verify(carrying(sign(later, EVENT, [NEW])), [NEW])


@given(st.text(max_size=200).filter(lambda text: text.isprintable()))
def test_whatever_stands_there_is_refused(text: str) -> None:
    with pytest.raises(Unverified):
        verify(carrying(text), [NEW])
