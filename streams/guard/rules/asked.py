"""Nothing is done that the configuration does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from sinks.vsphere import actions

if TYPE_CHECKING:
    from schemas.remediation.request import Request
    from sinks.remediation import RemediationSinkConfig
    from streams.guard.limits import Limits
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse another action, other parameters or another vCenter than those of the request's sink."""
    return differs(question.request, question.limits)


def differs(request: Request, limits: Limits) -> str | None:
    """What a request asks for that its sink does not; None when it asks for just that."""
    sink = limits.sink
    if (request.errand is None) == limits.told:
        return f"{sink.name} is {'asked for by people' if limits.told else 'asked for by no person'}"
    if request.action != sink.action:
        return f"asks for {request.action}, but sink {sink.name} is configured for {sink.action} now"
    if limits.told:
        return None if _valid(request) else f"tells {request.action} something that it does not know"
    if request.parameters != limits.parameters and not _same(request, sink):
        return f"has other parameters than sink {sink.name} has now"
    if sink.vcenters and request.entity is not None and request.entity.vcenter not in sink.vcenters:
        return f"is about {request.entity.vcenter}, sink {sink.name} acts in {', '.join(sink.vcenters)} (vcenters)"
    return None


def _valid(request: Request) -> bool:
    try:
        actions.parameters(request.action).model_validate(request.parameters)
    except ValidationError:
        return False
    return True


def _same(request: Request, sink: RemediationSinkConfig) -> bool:
    """Whether the parameters are those of the sink, spelled in another way."""
    if sink.action not in actions.ACTIONS:
        return False
    try:
        return actions.parameters(sink.action).model_validate(request.parameters) == sink.parameters
    except ValidationError:
        return False
