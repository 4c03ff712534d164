"""The REST API of a real simulator."""

from __future__ import annotations

import uuid
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.faults import InvalidLogin, SessionLost, VsphereFault
from clients.vsphere.logins import Logins
from clients.vsphere.tagging import HEADER, Category, Tagging
from ingest.inventory.tags import Tags
from schemas.config import Secret
from tests.support.inventory import TagDesk
from tests.support.restapi import newer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack


@pytest.fixture
def config(vcenters: dict[str, VcenterConfig]) -> VcenterConfig:
    return vcenters["vc1"]


@pytest.fixture
def tagging(config: VcenterConfig) -> Iterator[Tagging]:
    with closing(Tagging(config, Logins())) as tagging:
        tagging.open()
        yield tagging


def test_tags_are_told_with_their_category(config: VcenterConfig, tagging: Tagging) -> None:
    category = f"c{uuid.uuid4().hex[:8]}"
    with closing(TagDesk(config)) as desk:
        made = desk.make(category, "prod")
    found = tagging.tag(made)
    assert found
    assert ("prod", category) == (found.name, tagging.category(found.category))
    assert made in tagging.tags()
    assert found.category in tagging.categories()
    assert [(made, [])] == list(tagging.attached([made]))


def test_a_tag_that_is_gone_is_none(tagging: Tagging) -> None:
    assert None is tagging.tag("urn:vmomi:InventoryServiceTag:gone:GLOBAL")


def test_a_wrong_password_is_asked_twice_and_no_more(config: VcenterConfig, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not-the-password")
    logins = Logins(clock=iter(range(0, 10_000, 40)).__next__)
    refused = config.model_copy(update={"password": Secret.from_file(wrong)})
    with closing(Tagging(refused, logins)) as tagging:
        for message in ("refused the user name", "refused the user name", "is not asked"):
            with pytest.raises(Exception, match=message) as error:
                tagging.open()
        assert not isinstance(error.value, InvalidLogin)


def test_a_session_that_has_ended_is_said_and_a_reading_opens_another(tagging: Tagging) -> None:
    end(tagging)
    with pytest.raises(SessionLost):
        tagging.tags()
    tagging.open()
    end(tagging)
    assert isinstance(Tags(tagging).read(), dict)


def end(tagging: Tagging) -> None:
    tagging._exchange("DELETE", tagging._dialect.session, None, {HEADER: str(tagging._key)})


@pytest.fixture(params=["older", "newer"])
def either(request: pytest.FixtureRequest, config: VcenterConfig) -> Iterator[Tagging]:
    """Both generations of the API; the newer one is a stand-in before the same simulator."""
    with ExitStack() as stack:
        served = stack.enter_context(newer(config)) if request.param == "newer" else config
        tagging = stack.enter_context(closing(Tagging(served, Logins())))
        tagging.open()
        yield tagging


def test_both_generations_say_and_do_the_same(config: VcenterConfig, either: Tagging) -> None:
    category = f"c{uuid.uuid4().hex[:8]}"
    with closing(TagDesk(config)) as desk:
        made = desk.make_all(category, ("prod", "test"), cardinality="SINGLE")
    found = either.tag(made["prod"])
    assert found
    assert Category(category, single=True) == either.describe(found.category)
    assert {*made.values()} == {*either.tags_of(found.category)}
    for action, expected in (("attach", {made["prod"]}), ("attach", {made["prod"]}), ("detach", set())):
        either.tie("attach" if action == "attach" else "detach", made["prod"], "VirtualMachine", "vm-41")
        assert expected == {*either.carried("VirtualMachine", "vm-41")} & {*made.values()}


def test_both_generations_tell_the_tags_of_several_objects_at_once(config: VcenterConfig, either: Tagging) -> None:
    with closing(TagDesk(config)) as desk:
        made = {*desk.make_all(f"c{uuid.uuid4().hex[:8]}", ("prod", "test")).values()}
    prod, test = sorted(made)
    for tag, moref in ((prod, "vm-41"), (prod, "vm-42"), (test, "vm-42")):
        either.tie("attach", tag, "VirtualMachine", moref)
    found = either.carried_by_each("VirtualMachine", ["vm-41", "vm-42", "vm-43"])
    assert [{prod}, made, set()] == [{*found.get(moref, ())} & made for moref in ("vm-41", "vm-42", "vm-43")]


def test_a_tag_that_is_gone_cannot_be_attached(either: Tagging) -> None:
    with pytest.raises(VsphereFault, match="cannot attach a tag in its REST API: HTTP 404"):
        either.tie("attach", "urn:vmomi:InventoryServiceTag:gone:GLOBAL", "VirtualMachine", "vm-41")
