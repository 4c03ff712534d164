"""What every generation of the event router has: a vCenter to read, a gateway or an event bus to call."""

from __future__ import annotations

from typing import Any

from ops.imports.address import host, in_the_clear
from ops.imports.naming import host_like, variable
from ops.imports.part import Part

CLEAR = "the original sends the password over http; write https:// and remove insecure: true where the server allows it"
AS_BEFORE = "type_format: event-router gives functions the type that they know: com.vmware.event.router/event"
BODY_AS_BEFORE = (
    "body_format: event-router sends no Content-Type, as the original; functions that ask for one: cloudevent"
)
EVERY_FUNCTION = "the functions choose by their topic annotation, as before; name subjects here to send fewer events"


def vcenter(address: str, username: str, *, insecure: bool) -> tuple[str, Part]:
    """Name and part of a vCenter. Its name is the host, so that ids can be told apart when a second one comes."""
    name = host_like(host(address), "vcenter")
    settings: dict[str, Any] = {"url": address, "username": username, "password": variable(name, "PASSWORD")}
    if insecure or in_the_clear(address):
        settings["insecure"] = True
    part = Part(settings)
    part.remark("the password is not copied: export the variable, or write password_file: <path>")
    if insecure:
        part.remark("insecure: true as in the original; a ca_file or thumbprint is better")
    return name, part


def openfaas(gateway: str, username: str | None, *, asynchronous: bool) -> Part:
    """The sink that calls the functions of one gateway."""
    settings: dict[str, Any] = {"type": "openfaas", "gateway": gateway}
    if username is not None:
        settings |= {"username": username, "password": variable("OPENFAAS", "PASSWORD")}
        if in_the_clear(gateway):
            settings["insecure"] = True
    if asynchronous:
        settings["async"] = True
    part = Part({**settings, "type_format": "event-router", "body_format": "event-router"})
    part.remark(AS_BEFORE)
    part.remark(BODY_AS_BEFORE)
    if username is not None:
        part.remark("the password is not copied: export the variable, or write password_file: <path>")
        if in_the_clear(gateway):
            part.remark(CLEAR)
    return part


def to_all(name: str) -> Part:
    """The route by which every event goes to one sink."""
    return Part({"name": name, "to": name})


def eventbridge(rule: str, region: str, bus: str) -> tuple[Part, Part]:
    """Route and sink of an event bus: the rule's pattern chooses, and entries look as they did."""
    route = Part({"name": "eventbridge", "match": {"pattern": {"rule_arn": rule}}, "to": "eventbridge"})
    settings = {"type": "eventbridge", "region": region, "bus": bus}
    sink = Part({**settings, "mapping": "event-router", "type_format": "event-router"})
    sink.remark("mapping: event-router makes entries as the original did, so that rules go on matching")
    sink.remark("access keys are not copied: credentials are found as by every AWS tool")
    return route, sink
