"""Triggers of Knative Eventing, as in the files that deploy functions of the VMware event broker appliance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from ops.imports import address, delivery, destination
from ops.imports.configuration import Configuration
from ops.imports.endpoints import AS_BEFORE
from ops.imports.filters import Filters
from ops.imports.naming import plain
from ops.imports.part import Part
from ops.imports.trigger_keys import DeliveryKeys, TriggerKeys

if TYPE_CHECKING:
    from ops.imports.original import Original
    from ops.imports.trigger_keys import DestinationKeys
    from schemas.config.document import Document, Path

_NAMESPACE: Final = "default"
_ORDER: Final = "kafka.eventing.knative.dev/delivery.order"
_STAY: Final = {"Service", "Secret", "ConfigMap", "Namespace", "ServiceAccount", "Deployment", "Role", "RoleBinding"}
"""Kinds that stay in the cluster as they are: a function is called there as before."""


def convert(original: Original) -> Configuration:
    """The configuration that the Triggers of a file say.

    Raises:
        ConfigError: there is none, or one has unknown keys or is not a Trigger that Knative would take.
    """
    configuration = Configuration("Triggers of Knative Eventing")
    brokers = _brokers(original)
    seen: set[tuple[str, str]] = set()
    for document in _objects(original, configuration):
        keys = original.model(TriggerKeys, document)
        if keys is None:
            continue
        key = (str(keys.metadata.get("namespace", _NAMESPACE)), str(keys.metadata["name"]))
        if key in seen:
            original.fault(document, ("metadata", "name"), "is the name of two triggers", "remove or rename one")
        seen.add(key)
        _Trigger(original, document, keys, brokers).add_to(configuration)
    if not seen:
        original.fault(original.documents[0], (), "holds no Trigger", "name a file with kind: Trigger")
    original.check()
    configuration.general.remark("an event that a function answers with becomes an event, as with the broker")
    return configuration


def _objects(original: Original, configuration: Configuration) -> list[Document]:
    """The documents with a Trigger; what the others are is told."""
    triggers = []
    for document in original.objects:
        data = document.data
        if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
            original.fault(document, (), "is no object of Kubernetes", "write apiVersion, kind, metadata and spec")
        elif data["kind"] == "Trigger":
            triggers.append(document)
        elif data["kind"] in _STAY:
            name = data["metadata"].get("name") if isinstance(data.get("metadata"), dict) else None
            configuration.general.remark(f"the {data['kind']} {name or '-'} stays in the cluster as it is")
        elif data["kind"] == "Broker":
            configuration.general.remark("a Broker has no counterpart: topics take its place, sinks its delivery")
        else:
            configuration.general.lost(
                document, ("kind",), f"a {data['kind']} is no Trigger: it has no counterpart in this file"
            )
    return triggers


def _brokers(original: Original) -> dict[tuple[str, str], tuple[Document, DeliveryKeys]]:
    """Delivery of the brokers in the file, by namespace and name: Triggers without their own have it."""
    brokers = {}
    for document in original.objects:
        data = document.data
        if not isinstance(data, dict) or data.get("kind") != "Broker":
            continue
        metadata, spec = data.get("metadata"), data.get("spec")
        if isinstance(metadata, dict) and isinstance(spec, dict) and isinstance(spec.get("delivery"), dict):
            keys = original.model(DeliveryKeys, document, ("spec", "delivery"))
            if keys is not None:
                key = str(metadata.get("namespace", _NAMESPACE)), str(metadata.get("name"))
                brokers[key] = (document, keys)
    return brokers


class _Trigger:
    """One Trigger on its way: a route and a sink of the same name."""

    def __init__(
        self,
        original: Original,
        document: Document,
        keys: TriggerKeys,
        brokers: dict[tuple[str, str], tuple[Document, DeliveryKeys]],
    ) -> None:
        self._original = original
        self._document = document
        self._keys = keys
        self._brokers = brokers
        self._namespace = str(keys.metadata.get("namespace") or _NAMESPACE)

    def add_to(self, configuration: Configuration) -> None:
        given = str(self._keys.metadata["name"])
        name = plain(given, "trigger", configuration.sinks)
        route, sink = Part({"name": name}), self._sink(self._keys.spec.subscriber)
        if name != given:
            route.remark(f"the Trigger {given} in the namespace {self._namespace}")
        filters = Filters(lambda at, what: route.lost(self._document, at, what))
        if match := filters.match(self._keys.spec):
            route.settings["match"] = match
        route.settings["to"] = name
        if filters.vsphere and filters.subject:
            route.remark("in v0.8 no event had a subject, so this Trigger never acted; here it does")
        self._type_format(sink, filters)
        self._delivery(sink)
        self._annotations(sink)
        if self._keys.spec.filters and self._keys.spec.filter:
            route.lost(self._document, ("spec", "filter"), "has no effect beside filters, as in the original")
        configuration.routes.append(route)
        configuration.sinks[name] = sink

    def _sink(self, subscriber: DestinationKeys) -> Part:
        at: Path = ("spec", "subscriber")
        settings: dict[str, Any] = {"type": "knative"}
        part = Part(settings)
        if subscriber.ref is not None and not subscriber.uri:
            destination.find(subscriber.ref, self._namespace, part)
        elif subscriber.ref is not None:
            destination.usual(part, subscriber.ref, self._namespace)
            settings["uri"] = urljoin(f"{destination.address(subscriber.ref, self._namespace)}/", subscriber.uri)
        elif subscriber.uri:
            settings["uri"] = subscriber.uri
        else:
            self._original.fault(self._document, at, "needs ref or uri", "write one of them")
            return part
        if "uri" in settings:
            where = (*at, "uri") if subscriber.uri else (*at, "ref")
            settings["uri"] = address.url(settings["uri"], self._original, self._document, where)
        if subscriber.authorities is not None:
            part.off["ca_file"] = "authorities.pem"
            part.lost(self._document, (*at, "CACerts"), "store the certificates in a file and switch ca_file on")
        if subscriber.audience is not None:
            part.lost(self._document, (*at, "audience"), "no OIDC token is sent")
        return part

    def _type_format(self, sink: Part, filters: Filters) -> None:
        """The type that the function waits for, as far as its Trigger tells."""
        if filters.router:
            sink.settings["type_format"] = "event-router"
            sink.remark(AS_BEFORE)
            if filters.vsphere:
                sink.lost(self._document, ("spec",), "asks for types of both generations; a sink sends one of them")
        elif not filters.vsphere:
            sink.off["type_format"] = "event-router"
            sink.remark("a function from v0.7 or before waits for types com.vmware.event.router/…: switch this on")

    def _delivery(self, sink: Part) -> None:
        spec = self._keys.spec
        if spec.delivery is not None:
            delivery.apply(spec.delivery, sink, self._document, ("spec", "delivery"))
            return
        reference = spec.broker_ref if isinstance(spec.broker_ref, dict) else {}
        broker = str(reference.get("name") or spec.broker or "default")
        found = self._brokers.get((str(reference.get("namespace") or self._namespace), broker))
        if found is not None:
            sink.remark(f"delivery of the broker {broker}")
            delivery.apply(found[1], sink, found[0], ("spec", "delivery"))

    def _annotations(self, sink: Part) -> None:
        annotations = self._keys.metadata.get("annotations")
        order = annotations.get(_ORDER) if isinstance(annotations, dict) else None
        if order == "ordered":
            sink.remark("events of one entity stay in order, as with delivery.order: ordered")
        elif order is not None:
            at = ("metadata", "annotations", _ORDER)
            sink.lost(self._document, at, "events of one entity are kept in order here; others run beside them")
