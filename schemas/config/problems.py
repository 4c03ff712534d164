"""Where pydantic found faults, as the operator wrote it: dotted path and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from schemas.config.document import Document, Path, dotted
from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.redact import Redactor
from schemas.config.wording import Finding, words
from schemas.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails


def problems_of(
    error: ValidationError, model: type[Model], at: Path, document: Document, *, file: str | None = None
) -> Iterator[Problem]:
    """Every fault of the part of ``document`` at ``at`` that was read as ``model``; one per path."""
    redact = Redactor().redact
    part = _part(document.data, at)
    seen = set()
    for detail in error.errors(include_url=False):
        location, finding = _locate(model, detail, part)
        if location == ("name",) and detail["type"] != "missing" and not _has(part, "name"):
            location = ()  # the name is the key above
        path = (*at, *location)
        if path not in seen:
            seen.add(path)
            what, cure = words(finding)
            yield Problem(dotted(path), redact(what), redact(cure), document.line(path), file)


def _part(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step] if _has(data, step) else None
    return data


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _locate(model: type[Model], detail: ErrorDetails, data: Any) -> tuple[Path, Finding]:
    """Path of the fault below ``data``, and the model and field it belongs to."""
    fault = detail.get("ctx", {}).get("error")
    named = [fault.field] if isinstance(fault, Fault) and fault.field else []
    steps = [*detail["loc"], *named]
    absent = len(steps) - 1 if named or detail["type"] == "missing" else None
    path: list[str | int] = []
    owner: type[Model] = model
    field: FieldInfo | None = None
    part: type[Model] | None = None
    for at, step in enumerate(steps):
        written = f"{step}_file" if not _has(data, step) and _has(data, f"{step}_file") else step
        if not _has(data, written) and at != absent:
            continue  # a step of pydantic's own, such as the branch of a union
        path.append(written)
        above, data = data, data[written] if _has(data, written) else None
        inner = part or (_model_in(field.annotation) if field else None)
        if inner:
            owner, field, part = inner, None, None
        if field is None and isinstance(step, str):
            part = owner.part(step, above)
            field = owner.model_fields.get(step) or owner.keys().get(step)
    return tuple(path), Finding(detail=detail, owner=owner, field=field)


def _model_in(annotation: Any) -> type[Model] | None:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
