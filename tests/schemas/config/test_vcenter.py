from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas.config import Scope, Secret, VcenterConfig
from schemas.errors import Refused

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


PIN = "0123456789abcdef" * 4


@pytest.mark.parametrize("written", [PIN, PIN.upper(), ":".join(PIN[at : at + 2] for at in range(0, 64, 2))])
def test_a_thumbprint_is_sha_256_with_or_without_colons(written: str) -> None:
    assert PIN == vcenter(thumbprint=written).thumbprint


def test_a_sha_1_thumbprint_is_refused_with_the_command_for_a_better_one() -> None:
    with pytest.raises(ValidationError, match=r"SHA-1 fingerprint.*-sha256"):
        vcenter(thumbprint=":".join(["AB"] * 20))


@pytest.mark.parametrize("written", ["", "ab" * 31, "xy" * 32, "ab" * 64, 5])
def test_anything_else_is_no_thumbprint(written: object) -> None:
    with pytest.raises(ValidationError, match="is no SHA-256 fingerprint"):
        vcenter(thumbprint=written)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"insecure": True}, "has no effect with insecure: true"),
        ({"ca_file": __file__}, "has no effect with thumbprint"),
        ({"url": "http://127.0.0.1"}, "has no effect without encryption"),
    ],
)
def test_a_thumbprint_is_the_only_way_to_trust(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        vcenter(thumbprint=PIN, **settings)


@pytest.mark.parametrize(
    "proxy", ["http://proxy.example.org:3128", "http://proxy.example.org:3128/", "http://[::1]:3128"]
)
def test_a_proxy_is_a_host_and_a_port(proxy: str) -> None:
    assert proxy.rstrip("/") == vcenter(proxy=proxy).proxy


@pytest.mark.parametrize("proxy", ["https://proxy:3128", "http://proxy:3128/path"])
def test_a_proxy_that_cannot_be_used_is_refused(proxy: str) -> None:
    with pytest.raises(ValidationError, match="is not the address of a CONNECT proxy"):
        vcenter(proxy=proxy)


def test_a_proxy_tunnels_only_what_is_encrypted() -> None:
    with pytest.raises(ValidationError, match="tunnels only what is encrypted"):
        vcenter(url="http://127.0.0.1", proxy="http://proxy:3128")


@pytest.mark.parametrize("day", [date(2026, 1, 31), "2026-01-31"])
def test_the_last_day_of_the_password_is_a_date(day: object) -> None:
    assert date(2026, 1, 31) == vcenter(password_expires=day).password_expires


@pytest.mark.parametrize("day", ["90d", "", 5, datetime(2026, 1, 31), "2026-01-31T00:00:00"])  # noqa: DTZ001 - the point
def test_anything_else_is_no_date(day: object) -> None:
    with pytest.raises(ValidationError, match="is not a date"):
        vcenter(password_expires=day)


def test_a_canary_flies_now_and_then() -> None:
    assert 300.0 == vcenter(canary={"every": "5m"}).canary.every
    assert vcenter().canary is None


@pytest.mark.parametrize("canary", [{}, {"every": "0s"}, {"every": "sometimes"}])
def test_a_canary_that_never_rests_or_never_flies_is_refused(canary: object) -> None:
    with pytest.raises(ValidationError):
        vcenter(canary=canary)


def recording(folder: object, scope: Scope | None = None, **settings: object) -> VcenterConfig:
    return VcenterConfig.model_validate({"name": "vc1", "url": f"recorded:{folder}", **settings}, context=scope)


@pytest.mark.parametrize("path", [Path(__file__), Path(__file__).parent])
def test_a_recording_is_a_file_or_a_folder(path: Path) -> None:
    assert path == recording(path).recording
    assert vcenter().recording is None


def test_a_recording_is_looked_for_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    assert tmp_path / "pages" == recording("pages", Scope(folder=tmp_path)).recording


def test_a_recording_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValidationError, match="does not exist"):
        recording("nowhere")


@pytest.mark.parametrize(
    "setting",
    [
        {"username": "u"},
        {"password": PASSWORD},
        {"password_expires": "2026-01-31"},
        {"ca_file": __file__},
        {"thumbprint": PIN},
        {"insecure": True},
        {"proxy": "http://proxy:3128"},
        {"canary": {"every": "5m"}},
    ],
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
