"""The first generation of the VMware event router (v0.3, v0.4): a JSON array of stream, processor and metrics.

Source of the rules: the router's reading of it. Values of ``options`` are texts; unknown keys are ignored; of several
entries of one type the last one counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ops.imports import address
from ops.imports.configuration import Configuration
from ops.imports.endpoints import EVERY_FUNCTION, eventbridge, openfaas, to_all, vcenter

if TYPE_CHECKING:
    from ops.imports.original import Original
    from schemas.config.document import Document

PROVIDERS: Final = {
    "stream": {"vmware_vcenter": "user_password"},
    "processor": {"openfaas": "basic_auth", "aws_event_bridge": "access_key"},
}
KEYS: Final = {"type", "provider", "address", "auth", "options"}
OPTIONS: Final = {
    "vmware_vcenter": {"insecure"},
    "openfaas": {"async"},
    "aws_event_bridge": {"aws_region", "aws_eventbridge_rule_arn", "aws_eventbridge_event_bus"},
}


def convert(original: Original) -> Configuration:
    """The configuration that an array says.

    Raises:
        ConfigError: the event router would not have started with it.
    """
    document = original.single
    chosen = _chosen(original, document)
    original.check()
    configuration = Configuration("the JSON array of the VMware event router v0.3 or v0.4")
    _dropped(configuration, document, chosen)
    _stream(configuration, original, document, chosen["stream"])
    _processor(configuration, original, document, chosen["processor"])
    if "metrics" in chosen:
        configuration.general.lost(
            document,
            (chosen["metrics"],),
            "nothing serves /stats; every process has Prometheus metrics at --probe HOST:PORT",
        )
    original.check()
    return configuration


def _chosen(original: Original, document: Document) -> dict[str, int]:
    """Place of the entry that counts, by type."""
    if not isinstance(document.data, list):
        original.fault(document, (), "is not a list", "write [{…}, {…}]")
        return {}
    chosen: dict[str, int] = {}
    for at, entry in enumerate(document.data):
        if not isinstance(entry, dict):
            original.fault(document, (at,), "is not an object", 'write {"type": …, "provider": …}')
        elif entry.get("type") not in [*PROVIDERS, "metrics"]:
            original.fault(document, (at, "type"), "is no type of entry", "write stream, processor or metrics")
        else:
            chosen[entry["type"]] = at
    for kind, providers in PROVIDERS.items():
        if kind not in chosen:
            original.fault(document, (), f"has no entry of type {kind}", f"add one: {', '.join(providers)}")
            continue
        _check_entry(original, document, chosen[kind], providers)
    return chosen


def _check_entry(original: Original, document: Document, at: int, providers: dict[str, str]) -> None:
    entry = document.data[at]
    provider = entry.get("provider")
    if not isinstance(provider, str) or provider not in providers:
        original.fault(document, (at, "provider"), "is no provider", f"write {' or '.join(providers)}")
        return
    for key in ("auth", "options"):
        if not isinstance(entry.get(key, {}), dict):
            original.fault(document, (at, key), "is not an object", "write {…}")
            return
    if entry.get("auth", {}).get("method") != providers[provider]:
        original.fault(document, (at, "auth", "method"), "is not the one it needs", f"write {providers[provider]}")
    if not isinstance(entry.get("auth", {}).get("secret", {}), dict):
        original.fault(document, (at, "auth", "secret"), "is not an object", "write {…}")
    if provider != "aws_event_bridge" and not isinstance(entry.get("address"), str):
        original.fault(document, (at, "address"), "is missing, or no text", "write a URL")
    if provider == "aws_event_bridge":
        for key in ("aws_region", "aws_eventbridge_rule_arn"):
            if not isinstance(entry.get("options", {}).get(key), str):
                original.fault(document, (at, "options", key), "is missing, or no text", "write one")


def _dropped(configuration: Configuration, document: Document, chosen: dict[str, int]) -> None:
    """What the event router itself did not look at."""
    for at, entry in enumerate(document.data):
        if chosen[entry["type"]] != at:
            configuration.general.lost(
                document, (at,), f"a later {entry['type']} replaces this entry, as in the original; add it by hand"
            )
            continue
        for key in sorted(entry.keys() - KEYS):
            configuration.general.lost(document, (at, key), "is not a known key; the original ignores it, too")
        known = OPTIONS[entry["provider"]] if entry["type"] != "metrics" else entry.get("options", {})
        for key in sorted(set(entry.get("options") or ()) - set(known or ())):
            configuration.general.lost(document, (at, "options", key), "is not a known option; ignored before, too")


def _stream(configuration: Configuration, original: Original, document: Document, at: int) -> None:
    entry = document.data[at]
    where = address.url(entry["address"], original, document, (at, "address"), scheme="https")
    insecure = address.is_true(entry.get("options", {}).get("insecure"))
    name, part = vcenter(where, _username(original, document, at), insecure=insecure)
    part.remark("events between two runs are not lost any more: reading goes on where it ended")
    configuration.vcenters[name] = part


def _processor(configuration: Configuration, original: Original, document: Document, at: int) -> None:
    entry: dict[str, Any] = document.data[at]
    if entry["provider"] == "aws_event_bridge":
        options = entry["options"]
        rule, region = (str(options[key]) for key in ("aws_eventbridge_rule_arn", "aws_region"))
        bus = str(options.get("aws_eventbridge_event_bus", "default"))
        route, configuration.sinks["eventbridge"] = eventbridge(rule, region, bus)
    else:
        gateway = address.url(entry["address"], original, document, (at, "address"))
        asynchronous = address.is_true(entry.get("options", {}).get("async"))
        user = _username(original, document, at)
        configuration.sinks["openfaas"] = openfaas(gateway, user, asynchronous=asynchronous)
        route = to_all("openfaas")
        route.remark(EVERY_FUNCTION)
    configuration.routes.append(route)


def _username(original: Original, document: Document, at: int) -> str:
    username = document.data[at].get("auth", {}).get("secret", {}).get("username")
    if not isinstance(username, str) or not username:
        original.fault(document, (at, "auth", "secret", "username"), "is missing, or no text", "write the account")
        return "nobody"
    return username
