from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from schemas.config import Scope, Secret, VcenterConfig
from schemas.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = Secret.from_env("P", {"P": "hunter2"})


def vcenter(**settings: object) -> VcenterConfig:
    return VcenterConfig.model_validate(
        {"name": "vc1", "url": "https://vc1", "username": "u", "password": PASSWORD, **settings}
    )


@pytest.mark.parametrize(
    ("url", "complete"),
    [
        ("https://vc1", "https://vc1/sdk"),
        ("https://vc1/", "https://vc1/sdk"),
        ("https://vc1:8443/other/sdk", "https://vc1:8443/other/sdk"),
        ("http://127.0.0.1:8989/sdk", "http://127.0.0.1:8989/sdk"),
        ("http://[::1]:8989", "http://[::1]:8989/sdk"),
    ],
)
def test_a_missing_path_is_sdk(url: str, complete: str) -> None:
    assert complete == vcenter(url=url).url


def test_http_beyond_loopback_needs_insecure() -> None:
    assert "http://vcsim/sdk" == vcenter(url="http://vcsim", insecure=True).url
    with pytest.raises(ValidationError, match="is not encrypted"):
        vcenter(url="http://vcsim")


@pytest.mark.parametrize("url", ["https://u:hunter2@vc1", "https://u@vc1/sdk"])
def test_credentials_in_a_url_are_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(ValidationError, match="holds credentials") as caught:
        vcenter(url=url)
    assert url not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "vc1", "ftp://vc1", "https://", "https://vc1:99999", "https://vc 1", 5, "https://[x"]
)
def test_anything_else_is_no_url(url: object) -> None:
    with pytest.raises(ValidationError, match="is not an http or https URL"):
        vcenter(url=url)


def test_authorities_are_useless_without_verification() -> None:
    with pytest.raises(ValidationError, match="has no effect with insecure: true"):
        vcenter(insecure=True, ca_file=__file__)


def recording(folder: object, scope: Scope | None = None, **settings: object) -> VcenterConfig:
    return VcenterConfig.model_validate({"name": "vc1", "url": f"recorded:{folder}", **settings}, context=scope)


def test_a_recording_is_a_folder_of_pages(tmp_path: Path) -> None:
    assert tmp_path == recording(tmp_path).recording
    assert vcenter().recording is None


def test_a_recording_is_looked_for_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    assert tmp_path / "pages" == recording("pages", Scope(folder=tmp_path)).recording


@pytest.mark.parametrize("folder", ["nowhere", __file__])
def test_a_recording_that_is_no_folder_is_refused(folder: str) -> None:
    with pytest.raises(ValidationError, match="is not a folder"):
        recording(folder)


@pytest.mark.parametrize(
    "setting", [{"username": "u"}, {"password": PASSWORD}, {"ca_file": __file__}, {"insecure": True}]
)
def test_a_recording_has_nobody_to_log_in_to(tmp_path: Path, setting: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="has no effect on a recording"):
        recording(tmp_path, **setting)


def test_a_recording_is_played_whole(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="has no effect on a recording"):
        recording(tmp_path, event_types=["VmEvent"])


def test_event_types_are_a_list_of_names() -> None:
    assert ("VmEvent", "com.vmware.cis.tagging.attach") == vcenter(
        event_types=["VmEvent", "com.vmware.cis.tagging.attach"]
    ).event_types
    for wrong in ("VmEvent", [""], [1]):
        with pytest.raises(ValidationError):
            vcenter(event_types=wrong)


def test_whoever_wants_to_log_in_to_a_recording_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="vCenter vc1 is a recording"):
        _ = recording(tmp_path).account


def test_a_server_has_an_account() -> None:
    assert ("u", PASSWORD) == vcenter().account


@pytest.mark.parametrize("missing", ["username", "password"])
def test_a_server_needs_an_account(missing: str) -> None:
    given = {"name": "vc1", "url": "https://vc1", "username": "u", "password": PASSWORD}
    del given[missing]
    with pytest.raises(ValidationError) as caught:
        VcenterConfig.model_validate(given)
    assert [("missing", (missing,))] == [(error["type"], error["loc"]) for error in caught.value.errors()]


@pytest.mark.parametrize("start", ["yesterday", "2026-01-31", "2026-01-31T06:00:00", None, True, datetime(2026, 1, 31)])  # noqa: DTZ001 - the point
def test_a_start_is_now_a_time_back_or_an_instant_with_its_zone(start: object) -> None:
    with pytest.raises(ValidationError, match="is no starting point"):
        vcenter(start_from=start)


@pytest.mark.parametrize("name", ["", "a/b", "-a", "a.", "a b", "x" * 101])
def test_a_name_fits_event_ids(name: str) -> None:
    with pytest.raises(ValidationError, match="is not a usable name"):
        vcenter(name=name)
