"""A Service is called by its address; whatever else is followed."""

from __future__ import annotations

from typing import Any

import pytest

from ops.imports import destination
from ops.imports.part import Part
from ops.imports.router_keys import Reference
from sinks.knative import KnativeConfig

EVENTING = "eventing.knative.dev/v1"


def found(**ref: Any) -> Part:
    part = Part({})
    destination.find(Reference.model_validate(ref), "functions", part)
    return part


@pytest.mark.parametrize("version", ["v1", "serving.knative.dev/v1"])
def test_a_service_has_the_address_of_its_name(version: str) -> None:
    """No permission is needed to know it."""
    part = found(apiVersion=version, kind="Service", name="echo")
    assert {"uri": "http://echo.functions.svc.cluster.local"} == part.settings


@pytest.mark.parametrize(
    ("version", "kind"),
    [(EVENTING, "Broker"), ("messaging.knative.dev/v1", "Channel"), ("flows.knative.dev/v1", "Sequence")],
)
def test_what_the_cluster_alone_knows_is_followed(version: str, kind: str) -> None:
    """In the namespace of the original, or its own; a sink takes it, and the comment has the usual address."""
    part = found(apiVersion=version, kind=kind, name="it")
    ref = {"apiVersion": version, "kind": kind, "name": "it", "namespace": "functions"}
    assert {"ref": ref} == part.settings
    sink = KnativeConfig.model_validate({"name": "s", **part.settings})
    assert sink.ref is not None
    assert ("functions", True) == (sink.ref.namespace, "allowed to list and watch it" in part.remarks[0])
    assert "own" == found(**ref | {"namespace": "own"}).settings["ref"]["namespace"]


@pytest.mark.parametrize("ref", [{"group": "eventing.knative.dev"}, {"apiVersion": EVENTING, "namespace": "not/one"}])
def test_what_kubernetes_has_not_is_not_followed(ref: dict[str, str]) -> None:
    """The usual address is a guess, and called one."""
    part = found(kind="Broker", name="default", **ref)
    namespace = ref.get("namespace", "functions")
    assert {"uri": f"http://broker-ingress.knative-eventing.svc.cluster.local/{namespace}/default"} == part.settings
    assert part.remarks[0].startswith("the usual address of a Broker")
