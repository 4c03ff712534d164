from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from schemas.config import Scope
from sinks.knative import KnativeConfig
from tests.sinks.bench import event
from tests.sinks.conformance import Case, cases
from tests.sinks.destination import Destination
from tests.sinks.test_http import HttpBench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from clients.http import Client


class KnativeBench(HttpBench):
    """An HTTP destination that Knative would bind."""

    def settings(self) -> Mapping[str, Any]:
        return {"type": "knative", "uri": f"{self.destination.url}/default/broker", "mode": self.mode}


@pytest.fixture
async def bench(client: Client, tmp_path: Path) -> AsyncIterator[KnativeBench]:
    async with Destination() as destination:
        yield KnativeBench(client, tmp_path, destination, "binary")


@pytest.mark.parametrize("case", cases("http"))
async def test_keeps_the_contract_of_sinks(case: Case, bench: KnativeBench) -> None:
    await case(bench)


async def test_events_are_binary_by_default(bench: KnativeBench) -> None:
    await bench.sink(mode=None).send(event())

    [received] = bench.destination.received
    assert ("/default/broker", "vc1/i1/1") == (received.path, received.header("ce-id"))


def test_the_address_comes_from_the_binding_unless_it_is_written() -> None:
    bound = Scope(environ={"K_SINK": "http://broker.bound.svc/"})
    given = {"name": "s", "type": "knative"}

    assert "http://broker.bound.svc/" == KnativeConfig.model_validate(given, context=bound).uri
    written = KnativeConfig.model_validate({**given, "uri": "http://written.svc/"}, context=bound)
    assert "http://written.svc/" == written.uri


@pytest.mark.parametrize(
    ("environ", "what"), [({}, "is missing"), ({"K_SINK": "broker"}, "is not an http or https URL")]
)
def test_without_a_usable_address_the_configuration_is_refused(environ: dict[str, str], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        KnativeConfig.model_validate({"name": "s", "type": "knative"}, context=Scope(environ=environ))
