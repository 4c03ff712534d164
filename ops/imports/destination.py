"""Where an object of Kubernetes takes events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sinks.knative.config import RefConfig

if TYPE_CHECKING:
    from ops.imports.part import Part
    from ops.imports.router_keys import Reference

_SUFFIX = "svc.cluster.local"


def find(ref: Reference, namespace: str, part: Part) -> None:
    """Write into a sink of type ``knative`` where the object is, and say how to see it.

    A Service is called by its address, which follows from its name and needs no permission. Of everything else the
    cluster alone knows the address, which a ``ref`` follows; where one cannot be made the usual address is a guess.

    Args:
        ref: as it stands in the original.
        namespace: of an object that names none.
        part: of the sink.
    """
    followed = None if ref.kind == "Service" else _followed(ref, namespace)
    if followed is None:
        part.settings["uri"] = address(ref, namespace)
        usual(part, ref, namespace)
        return
    part.settings["ref"] = followed
    part.remark(
        f"ref follows the {ref.kind}: the account of the workers' pods must be allowed to list and watch it; without "
        f"that, or outside of the cluster, write uri in its place, usually {address(ref, namespace)}"
    )


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


def _followed(ref: Reference, namespace: str) -> dict[str, Any] | None:
    """The ``ref`` of our configuration; None where its kind or a name is not one that Kubernetes has."""
    given = {"apiVersion": ref.api_version, "kind": ref.kind, "name": ref.name, "namespace": ref.namespace or namespace}
    try:
        RefConfig.model_validate(given)
    except ValidationError:
        return None
    return given
