from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

from schemas.config import SinkConfig
from sinks.base import Sink
from sinks.registry import SINKS, model, side_effects


@pytest.mark.parametrize("kind", SINKS)
def test_every_connector_has_a_model_that_names_its_type(kind: str) -> None:
    config = model(kind)

    assert issubclass(config, SinkConfig)
    assert (kind,) == get_args(config.model_fields["type"].annotation)


def test_no_connector_is_imported_before_it_is_asked_for() -> None:
    code = "import sys, sinks.registry; print([name for name in sys.modules if name.startswith('sinks.')])"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert "['sinks.registry']" == result.stdout.strip()


def test_a_sink_is_opened_sent_to_and_closed() -> None:
    assert {"open", "send", "close"} <= set(vars(Sink))


@pytest.mark.parametrize("kind", SINKS)
def test_a_connector_has_side_effects_unless_it_only_keeps_what_it_gets(kind: str) -> None:
    assert side_effects(kind) is (kind not in {"analytics", "file", "kafka"})
