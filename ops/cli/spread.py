"""Options that several commands have in common, declared once: a dataclass whose fields are options."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """The command as Typer can read it: in the place of each dataclass among its parameters stand its fields.

    Args:
        command: parameters that are no options of their own are annotated with such a dataclass and have no default. No
            two fields or other parameters may have one name.
    """
    hints = get_type_hints(command, include_extras=True)
    given = signature(command).parameters.values()
    groups = {each.name: hints[each.name] for each in given if is_dataclass(hints[each.name])}
    parameters = [
        one
        for each in given
        for one in (_options(groups[each.name]) if each.name in groups else [_named(each, hints[each.name])])
    ]

    @wraps(command)
    def run(**typed: Any) -> None:
        made = {
            name: kind(**{each.name: typed.pop(each.name) for each in fields(kind)}) for name, kind in groups.items()
        }
        command(**typed, **made)

    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined] # what `inspect` asks for first
    return run


def _options(group: Any) -> Iterator[Parameter]:
    hints = get_type_hints(group, include_extras=True)
    for each in fields(group):
        default = Parameter.empty if each.default is MISSING else each.default
        yield Parameter(each.name, Parameter.KEYWORD_ONLY, default=default, annotation=hints[each.name])


def _named(parameter: Parameter, annotation: Any) -> Parameter:
    """Given by name: so one without a default may stand behind others."""
    return parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=annotation)
