from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Literal

import pytest

from schemas.config import Config, HttpUrl, Model, Secret, SinkConfig, VcenterName, load
from schemas.config.redact import _Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


class Login(Model):
    user: str
    password: Secret


class PostConfig(SinkConfig):
    type: Literal["post"] = "post"
    url: HttpUrl
    login: Login | None = None
    retries_on: int | list[int] = 503


class ActConfig(SinkConfig):
    type: Literal["act"] = "act"
    vcenter: VcenterName


MODELS: dict[str, type[SinkConfig]] = {"post": PostConfig, "act": ActConfig}


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test reveals is not blanked in the output of the next."""
    monkeypatch.setattr("schemas.config.redact._MEMORY", _Memory())


@pytest.fixture
def models() -> Mapping[str, type[SinkConfig]]:
    """Two connectors: ``post`` with a nested secret, ``act`` with a reference to a vCenter."""
    return MODELS


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Stores a configuration; its folder also holds ``secret`` and ``ca.pem``."""
    (tmp_path / "secret").write_text("hunter2\n")
    (tmp_path / "ca.pem").write_text("certificate\n")

    def store(text: str) -> Path:
        path = tmp_path / "reflexarc.yaml"
        path.write_text(textwrap.dedent(text))
        return path

    return store


@pytest.fixture
def configured(write: Callable[[str], Path]) -> Callable[..., Config]:
    """Loads a configuration from its text."""

    def configure(text: str, environ: Mapping[str, str] | None = None) -> Config:
        given = {"KEY": "k" * 32, **(environ or {})}
        return load(write(text), sink_models=MODELS.__getitem__, sink_types=tuple(MODELS), environ=given)

    return configure
