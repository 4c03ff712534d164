"""The second and third generation of the VMware event router (v0.5 to v0.8): a RouterConfig in YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.imports import address, destination
from ops.imports.configuration import Configuration
from ops.imports.endpoints import AS_BEFORE, EVERY_FUNCTION, eventbridge, openfaas, to_all, vcenter
from ops.imports.part import Part
from ops.imports.router_keys import RouterKeys
from schemas.config import Fault
from schemas.config.address import is_loopback, split_endpoint
from schemas.config.webhook.endpoint import is_path

if TYPE_CHECKING:
    from ops.imports.original import Original
    from ops.imports.router_keys import EventBridgeKeys, KnativeKeys, OpenFaasKeys, VcenterKeys, WebhookKeys
    from schemas.config.document import Document

_PROVIDER = "eventProvider"
_PROCESSOR = "eventProcessor"


def convert(original: Original) -> Configuration:
    """The configuration that a RouterConfig says.

    Raises:
        ConfigError: it has unknown keys, or the event router would not have started with it.
    """
    document = original.single
    keys = original.model(RouterKeys, document)
    if keys is not None:
        _check_parts(keys, original, document)
    original.check()
    assert keys is not None  # noqa: S101 - check has raised otherwise
    return _Conversion(original, document, keys).run()


def _check_parts(keys: RouterKeys, original: Original, document: Document) -> None:
    """Provider and processor have the part that their type names."""
    provider, processor = keys.provider, keys.processor
    if getattr(provider, provider.type) is None:
        original.fault(document, (_PROVIDER, provider.type), "is missing", f"add what type: {provider.type} needs")
    name = "awsEventBridge" if processor.type == "aws_event_bridge" else processor.type
    if getattr(processor, "eventbridge" if name == "awsEventBridge" else name) is None:
        original.fault(document, (_PROCESSOR, name), "is missing", f"add what type: {processor.type} needs")


class _Conversion:
    """One RouterConfig on its way."""

    def __init__(self, original: Original, document: Document, keys: RouterKeys) -> None:
        self._original = original
        self._document = document
        self._keys = keys
        self._made = Configuration("a RouterConfig of the VMware event router v0.5 to v0.8")

    def run(self) -> Configuration:
        self._general()
        provider, processor = self._keys.provider, self._keys.processor
        for kind in ("vcenter", "vcsim", "webhook", "horizon"):
            if kind != provider.type and getattr(provider, kind) is not None:
                self._lost((_PROVIDER, kind), f"has no effect there with type: {provider.type}; add it by hand")
        match provider.type:
            case "vcenter" | "vcsim":
                self._vcenter(provider.type, getattr(provider, provider.type))
            case "webhook" if provider.webhook:
                self._webhook(provider.webhook)
            case _:
                self._lost(
                    (_PROVIDER, "horizon"),
                    "there is no source for Horizon; a function may post its events to `reflexarc ingest webhook`",
                )
        for kind, name in (("openfaas", "openfaas"), ("eventbridge", "awsEventBridge"), ("knative", "knative")):
            if name.lower() != processor.type.replace("_event_bridge", "eventbridge") and getattr(processor, kind):
                self._lost((_PROCESSOR, name), f"has no effect there with type: {processor.type}; add it by hand")
        if processor.type == "openfaas" and processor.openfaas:
            self._openfaas(processor.openfaas)
        elif processor.type == "knative" and processor.knative:
            self._knative(processor.knative)
        elif processor.eventbridge:
            self._eventbridge(processor.eventbridge)
        self._original.check()
        return self._made

    def _general(self) -> None:
        keys, general = self._keys, self._made.general
        named = [keys.metadata.name if keys.metadata else None, keys.provider.name, keys.processor.name]
        if told := ", ".join(filter(None, named)):
            general.remark(f"names in the original: {told}")
        if keys.metadata and keys.metadata.labels:
            self._lost(("metadata", "labels"), "labels have no counterpart")
        if keys.metrics is not None:
            told = "the webhook serves /stats itself" if keys.provider.type == "webhook" else "nothing serves /stats"
            self._lost(("metricsProvider",), f"{told}; every process has Prometheus metrics at --probe HOST:PORT")

    def _vcenter(self, kind: str, keys: VcenterKeys) -> None:
        at = (_PROVIDER, kind)
        if keys.auth.basic is None:
            self._original.fault(self._document, (*at, "auth", "basicAuth"), "is missing", "add username and password")
            return
        where = address.url(keys.address, self._original, self._document, (*at, "address"), scheme="https")
        name, part = vcenter(where, keys.auth.basic.username, insecure=keys.insecure)
        part.remark(
            "every run goes on where the last one ended; the first one begins now, or that far back: start_from: 1h"
            if keys.checkpoint
            else "without checkpoint the original lost what happened between two runs; here every run goes on"
        )
        if keys.checkpoint:
            part.off["start_from"] = "1h"
        if keys.checkpoint_dir is not None:
            part.lost(self._document, (*at, "checkpointDir"), "positions are kept in Kafka; the file is not taken over")
        if authorities := self._keys.certificates and self._keys.certificates.root_cas:
            part.off["ca_file"] = authorities[0]
            what = "copy the file here and switch ca_file on"
            if len(authorities) > 1:
                what = f"one file holds all authorities: join {', '.join(authorities)}, and switch ca_file on"
            part.lost(self._document, ("certificates", "rootCAs"), what)
        self._made.vcenters[name] = part

    def _webhook(self, keys: WebhookKeys) -> None:
        at = (_PROVIDER, "webhook")
        try:
            listens_on, _ = split_endpoint(keys.bind_address)
        except Fault as fault:
            self._original.fault(self._document, (*at, "bindAddress"), fault.what, fault.cure)
            return
        path = f"/{(keys.path or 'webhook').strip('/').lower()}"
        endpoint: dict[str, Any] = {"type": "event-router", "path": path}
        settings: dict[str, Any] = {"listen": keys.bind_address, "endpoints": {"webhook": endpoint}}
        part = Part(settings)
        if not is_path(path):
            endpoint["path"] = "/webhook"
            part.lost(
                self._document, (*at, "path"), f"{path} cannot be a path here; tell the senders that it is /webhook"
            )
        if keys.auth is not None and keys.auth.basic is not None:
            endpoint["door"] = {"username": keys.auth.basic.username, "password": "${WEBHOOK_PASSWORD}"}
        elif not is_loopback(listens_on):
            settings["token"] = "${WEBHOOK_TOKEN}"  # noqa: S105 - a placeholder
            part.lost(self._document, at, "the original lets everybody in; beyond loopback senders need a token here")
        self._made.webhook = part
        if self._keys.certificates is not None:
            self._lost(("certificates",), "have no effect without a vCenter, as in the original")

    def _openfaas(self, keys: OpenFaasKeys) -> None:
        at = (_PROCESSOR, "openfaas")
        gateway = address.url(keys.address, self._original, self._document, (*at, "address"))
        user = keys.auth.basic.username if keys.auth and keys.auth.basic else None
        if keys.auth is not None and user is None:
            self._original.fault(self._document, (*at, "auth"), "has no basicAuth", "add username and password")
        self._made.sinks["openfaas"] = openfaas(gateway, user, asynchronous=keys.asynchronous)
        route = to_all("openfaas")
        route.remark(EVERY_FUNCTION)
        self._made.routes.append(route)

    def _knative(self, keys: KnativeKeys) -> None:
        at = (_PROCESSOR, "knative")
        given = keys.destination
        if (given.ref is None) == (given.uri is None):
            self._original.fault(self._document, (*at, "destination"), "needs one of ref and uri", "write one of them")
            return
        settings: dict[str, Any] = {"type": "knative", "mode": keys.encoding}
        part = Part(settings)
        if given.ref is not None:
            destination.find(given.ref, "default", part)
        elif given.uri is not None:
            spelled = f"{given.uri.scheme}://{given.uri.host}/{given.uri.path.lstrip('/')}".rstrip("/")
            settings["uri"] = address.url(spelled, self._original, self._document, (*at, "destination", "uri"))
        if keys.insecure:
            settings["insecure"] = True
        settings["type_format"] = "event-router"
        part.remark(AS_BEFORE)
        if keys.auth is not None:
            part.lost(self._document, (*at, "auth"), "has no effect in the original, and none here")
        self._made.sinks["knative"] = part
        self._made.routes.append(to_all("knative"))

    def _eventbridge(self, keys: EventBridgeKeys) -> None:
        route, sink = eventbridge(keys.rule, keys.region, keys.bus)
        self._made.sinks["eventbridge"] = sink
        self._made.routes.append(route)

    def _lost(self, at: tuple[str, ...], what: str) -> None:
        self._made.general.lost(self._document, at, what)
