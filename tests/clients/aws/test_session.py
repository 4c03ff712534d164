from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.aws.session import Access, Session
from schemas.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path


def test_a_client_makes_one_attempt_within_the_given_time_over_as_many_connections_as_there_are_calls() -> None:
    client = Session(Access(region="eu-central-1", timeout=2.5, connections=7)).client("events")

    config = client.meta.config
    assert ({"total_max_attempts": 1, "mode": "standard"}, 7) == (config.retries, config.max_pool_connections)
    assert (2.5, 2.5) == (config.connect_timeout, config.read_timeout)
    client.close()


def test_a_connection_is_waited_for_no_longer_than_five_seconds() -> None:
    client = Session(Access(region="eu-central-1", timeout=60)).client("events")

    assert (5.0, 60) == (client.meta.config.connect_timeout, client.meta.config.read_timeout)
    client.close()


def test_region_and_endpoint_are_those_of_the_environment_unless_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    found, written = (
        Session(Access()).client("events"),
        Session(Access(region="us-east-1")).client("events", "http://127.0.0.1:2"),
    )

    assert ("eu-west-1", "http://127.0.0.1:1") == (found.meta.region_name, found.meta.endpoint_url)
    assert ("us-east-1", "http://127.0.0.1:2") == (written.meta.region_name, written.meta.endpoint_url)
    found.close()
    written.close()


def test_both_generations_of_event_buses_are_known() -> None:
    session = Session(Access(region="eu-central-1"))

    for service in ("events", "eventbridgev2"):
        client = session.client(service)
        assert "events" == client.meta.service_model.signing_name
        client.close()


def test_a_profile_brings_its_region(files: Path) -> None:
    (files / "config").write_text("[profile ours]\nregion = ap-south-1\n")

    client = Session(Access(profile="ours")).client("events")

    assert "ap-south-1" == client.meta.region_name
    client.close()


def test_a_profile_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"cannot log in to AWS: .*nobody"):
        Session(Access(profile="nobody"))


def test_files_that_cannot_be_read_are_refused(files: Path) -> None:
    (files / "config").write_text("[profile\n")

    with pytest.raises(Refused, match="cannot log in to AWS"):
        Session(Access(profile="ours"))


def test_no_region_anywhere_is_refused_with_the_cure() -> None:
    with pytest.raises(Refused, match=r"no region is known .write region"):
        Session(Access()).client("events")


def test_an_endpoint_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nonsense")

    with pytest.raises(Refused, match="nonsense"):
        Session(Access(region="eu-central-1")).client("events")
