"""Where an object of Kubernetes takes events."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.imports.part import Part
    from ops.imports.router_keys import Reference

_SUFFIX = "svc.cluster.local"


def address(ref: Reference, namespace: str) -> str:
    """The usual address of a service, channel or broker; every other kind is taken for a service of its name.

    The cluster alone knows: ``kubectl get KIND NAME -o jsonpath='{.status.address.url}'``.
    """
    namespace = ref.namespace or namespace
    match ref.kind:
        case "Broker":
            return f"http://broker-ingress.knative-eventing.{_SUFFIX}/{namespace}/{ref.name}"
        case "Channel" | "InMemoryChannel" | "KafkaChannel":
            return f"http://{ref.name}-kn-channel.{namespace}.{_SUFFIX}"
        case _:
            return f"http://{ref.name}.{namespace}.{_SUFFIX}"


def usual(part: Part, ref: Reference, namespace: str) -> None:
    """Say where the address comes from, and how to see the true one."""
    shown = f"kubectl get {ref.kind.lower()} {ref.name} -n {ref.namespace or namespace}"
    part.remark(f"the usual address of a {ref.kind}; {shown} shows it under URL")
