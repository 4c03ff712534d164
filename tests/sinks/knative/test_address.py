from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clients.kubernetes.followed import ObjectName
from schemas.errors import Refused, Unavailable
from sinks.knative import KnativeConfig
from sinks.knative.address import Address, url_of

if TYPE_CHECKING:
    from collections.abc import Mapping

BROKER = ObjectName("eventing.knative.dev/v1", "Broker", "team-a", "default")


def test_a_service_is_known_by_its_name() -> None:
    assert "http://display.team-a.svc.cluster.local" == url_of(ObjectName("v1", "Service", "team-a", "display"), {})


def test_a_service_of_knative_says_its_own_address() -> None:
    name = ObjectName("serving.knative.dev/v1", "Service", "team-a", "display")
    assert "https://x.example/y" == url_of(name, {"status": {"address": {"url": "https://x.example/y"}}})


@pytest.mark.parametrize(
    ("found", "what"),
    [
        ({}, "has no status"),
        ({"status": None}, "has no status"),
        ({"status": {"address": "x"}}, "has no status"),
        ({"status": {"address": {"url": 3}}}, "is not an http or https URL"),
        ({"status": {"address": {"url": "ftp://x"}}}, "is not an http or https URL"),
        ({"status": {"address": {"url": "http://a:b@x"}}}, "holds credentials"),
    ],
)
def test_an_object_without_a_usable_address_is_waited_for(found: Mapping[str, Any], what: str) -> None:
    with pytest.raises(Unavailable, match=what):
        url_of(BROKER, found)


async def test_a_reference_outside_of_a_pod_needs_to_know_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    ref = {"apiVersion": "v1", "kind": "Service", "name": "display", "namespace": "team-a"}
    address = Address(KnativeConfig.model_validate({"name": "s", "ref": ref}))

    with pytest.raises(Unavailable, match="has not been read"):
        address.url()
    with pytest.raises(Refused, match="runs in no Kubernetes pod"):
        await address.open()


async def test_a_reference_needs_a_namespace() -> None:
    ref = {"apiVersion": "v1", "kind": "Service", "name": "display"}
    kubernetes = {"url": "http://127.0.0.1:9"}
    address = Address(KnativeConfig.model_validate({"name": "s", "ref": ref, "kubernetes": kubernetes}))

    with pytest.raises(Refused, match="names no namespace"):
        await address.open()
