"""The REST API of a real simulator."""

from __future__ import annotations

import uuid
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.faults import InvalidLogin, SessionLost
from clients.vsphere.logins import Logins
from clients.vsphere.tagging import HEADER, Tagging
from ingest.inventory.tags import Tags
from schemas.config import Secret
from tests.support.inventory import TagDesk

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
