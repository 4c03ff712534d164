from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.commands.errand import Errand
from schemas.keys import keyring
from schemas.remediation import signature
from schemas.remediation.answer import Answer
from schemas.remediation.heard import heard
from schemas.remediation.order import Order
from schemas.remediation.outcome import Outcome
from schemas.remediation.signature import Unsigned
from tests.streams.guard.asking import NOW, answer, request

if TYPE_CHECKING:
    from schemas.remediation.signed import Signed

RING = keyring([b"k" * 32])
ASKED = request()
ORDER = Order(id=ASKED.id, request=ASKED, decided=NOW, valid_until=NOW + 60, dry_run=False)
OUTCOME = Outcome(id=ASKED.id, scope="vc1", state="succeeded", at=NOW)
ERRAND = Errand(id="0" * 16, source="s", event="e", verb="approve", said="approve ü\u2028\n", person="anna")

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    # What cannot be encoded as UTF-8 is in no record.
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=8,
)


class NewerOrder(Order):
    """As a later release may write it."""

    urgency: str = "high"


class NewerErrand(Errand):
    """Likewise."""

    thread: str = "t1"


class NewerAnswer(Answer):
    """Likewise."""

    errand: NewerErrand | None = None


def written(members: dict[str, Any], purpose: str) -> bytes:
    """A record of some release that has just these members, signed by it."""
    said = members | {"key": RING[0].id}
    code = signature.code((orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode(),), RING[0], purpose)
    return orjson.dumps({"v": 1, **said, "code": code})


@pytest.mark.parametrize("record", [ORDER, OUTCOME, ASKED], ids=["order", "outcome", "request"])
def test_what_is_signed_is_believed_before_and_after_it_was_written(record: Signed) -> None:
    signed = record.signed(RING)
    read = type(record).decode(signed.encode())
    for each in (signed, read, type(record).decode(read.encode())):
        each.believe(RING)
    assert signed == read


def test_a_member_that_only_a_newer_release_knows_is_signed_too() -> None:
    value = NewerOrder(**dict(ORDER)).signed(RING).encode()
    Order.decode(value).believe(RING)
    with pytest.raises(Unsigned):
        Order.decode(value.replace(b'"high"', b'"none"')).believe(RING)


@pytest.mark.parametrize("name", ["approver", "configuration"])
def test_a_member_that_an_older_release_does_not_write_is_not_missed(name: str) -> None:
    members = {each: value for each, value in ORDER.model_dump(mode="json").items() if each not in {name, "code"}}
    Order.decode(written(members, Order.purpose)).believe(RING)


@given(more=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=2), JSON, max_size=3))
def test_whatever_else_another_release_writes_is_believed(more: dict[str, Any]) -> None:
    members = more | OUTCOME.model_dump(mode="json", exclude={"code"})
    record = heard(written(members, Outcome.purpose))
    assert isinstance(record, Outcome)
    record.believe(RING)


@pytest.mark.parametrize("name", ["id", "decided", "valid_until", "dry_run", "approver", "configuration", "key"])
def test_a_member_that_was_changed_on_the_way_is_not_believed(name: str) -> None:
    members = orjson.loads(ORDER.signed(RING).encode())
    other = {"id": "1" * 16, "dry_run": True, "decided": 1.0, "valid_until": 9e9}.get(name, "other")
    with pytest.raises(Unsigned):
        Order.decode(orjson.dumps(members | {name: other})).believe(RING)


def test_a_member_that_was_added_or_taken_away_on_the_way_is_not_believed() -> None:
    members = orjson.loads(ORDER.signed(RING).encode())
    less = {name: value for name, value in members.items() if name != "approver"}
    for each in (members | {"other": 1}, less):
        with pytest.raises(Unsigned):
            Order.decode(orjson.dumps(each)).believe(RING)


def test_what_was_changed_after_it_was_read_is_not_believed_any_more() -> None:
    read = Order.decode(ORDER.signed(RING).encode())
    read.model_copy().believe(RING)
    with pytest.raises(Unsigned):
        read.model_copy(update={"approver": "eve"}).believe(RING)


def test_what_was_read_can_be_signed_anew() -> None:
    Order.decode(ORDER.signed(RING).encode()).signed(keyring([b"n" * 32])).believe(keyring([b"n" * 32]))


def test_the_errand_of_an_answer_is_signed_with_members_that_only_a_newer_release_knows() -> None:
    newer = NewerAnswer.model_validate(dict(answer("0" * 16)) | {"errand": NewerErrand(**dict(ERRAND))})
    value = newer.signed(RING).encode()
    read = heard(value)
    assert isinstance(read, Answer)
    read.verify(RING)
    changed = heard(value.replace(b'"t1"', b'"t2"'))
    assert isinstance(changed, Answer)
    with pytest.raises(Unsigned):
        changed.verify(RING)


def test_the_errand_of_an_answer_may_lack_what_an_older_release_does_not_write() -> None:
    made = answer("0" * 16, errand=ERRAND, key=RING[0].id)
    older = ERRAND.model_dump(mode="json", exclude={"dry_run"})
    said = (*answer("0" * 16, key=RING[0].id).said, orjson.dumps(older).decode())
    members = made.model_dump(mode="json") | {
        "errand": older,
        "signature": signature.code(said, RING[0], "reflexarc answer v1"),
    }
    read = heard(orjson.dumps({"v": 1, **members}))
    assert isinstance(read, Answer)
    read.verify(RING)
