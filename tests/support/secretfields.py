"""Every place of a configuration that may hold a secret, found in the models' own annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from schemas.config import Config, Secret
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from collections.abc import Iterator


def declared() -> set[str]:
    """``<model>.<field>`` of every secret in the file's model and in every connector's."""
    return {place for root in (Config, *map(model, SINKS)) for place in _declared(root)}


def held(part: Any, place: str = "") -> Iterator[tuple[str, Secret]]:
    """Place, as ``declared`` names it, and secret of everything that is set in a configuration."""
    match part:
        case Secret():
            yield place, part
        case BaseModel():
            for name in type(part).model_fields:
                yield from held(getattr(part, name), f"{type(part).__name__}.{name}")
        case dict():
            for value in part.values():
                yield from held(value, place)
        case tuple() | list():
            for value in part:
                yield from held(value, place)


def _declared(owner: type[BaseModel]) -> Iterator[str]:
    for name, field in owner.model_fields.items():
        for kind in _mentioned(field.annotation):
            if kind is Secret:
                yield f"{owner.__name__}.{name}"
            elif isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not owner:
                yield from _declared(kind)


def _mentioned(annotation: Any) -> Iterator[Any]:
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for part in inner:
        yield from _mentioned(part)
