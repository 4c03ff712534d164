"""A name made of an event: text with ``{fields}`` that are attributes, or places in the data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Any, Final

import orjson
from pydantic import AfterValidator

from schemas.cloudevents.attributes import canonical
from schemas.config import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.cloudevents import CloudEvent

LONGEST: Final = 1024
DEEPEST: Final = 16
ABSENT: Final = "-"
"""What stands for a field that an event does not have, unless the template says otherwise."""

_DATA: Final = "data."
_ATTRIBUTE: Final = re.compile(r"[a-z0-9]+")
_CURE: Final = "fields are attributes such as {subject}, and places in the data such as {data.Vm.Name}"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where its value is found, and what stands for it when it is not.

    Attributes:
        path: keys into the data, numbers for elements of arrays; empty for an attribute.
    """

    name: str
    path: tuple[str, ...]
    absent: str


@dataclass(frozen=True, slots=True)
class Template:
    """Literal texts and the field behind each of them, None behind the last.

    Attributes:
        fields: every field, in order.
    """

    parts: tuple[tuple[str, Field | None], ...]

    @classmethod
    def of(cls, text: str) -> Template:
        """The template that ``vc.{vcenter}.{data.Vm.Name:nobody}`` spells; ``{{`` is a brace.

        What stands behind the colon is taken when the event has no such attribute or value; ``-`` without it.

        Raises:
            ValueError: it spells none; the message reads on from the place.
        """
        if len(text) > LONGEST:
            raise ValueError(f"is longer than {LONGEST} characters")
        try:
            parsed = list(Formatter().parse(text))
        except ValueError as error:
            raise ValueError(f"has braces that do not match: {error}") from None
        return cls(tuple((literal, _field(name, spec, conversion)) for literal, name, spec, conversion in parsed))

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields; none in plain text."""
        return tuple(field for _, field in self.parts if field is not None)

    @property
    def literal(self) -> str:
        """Its text without the fields."""
        return "".join(literal for literal, _ in self.parts)

    def render(self, event: CloudEvent, word: Callable[[str], str] = str) -> str:
        """The text for an event; data that are not JSON have no places.

        Args:
            event: the event; its data are parsed only for a template that looks there.
            word: what becomes of each field's text.
        """
        attributes = event.attributes()
        data = _parsed(event.data) if any(field.path for field in self.fields) else None
        return "".join(
            literal if field is None else literal + word(_text(field, attributes, data))
            for literal, field in self.parts
        )


def _field(name: str | None, spec: str | None, conversion: str | None) -> Field | None:
    if name is None:
        return None
    path = tuple(name.removeprefix(_DATA).split(".")) if name.startswith(_DATA) else ()
    known = all(key and not set(key) & set("[]{}") for key in path) if path else _ATTRIBUTE.fullmatch(name)
    if not known or name == "data" or conversion or set(spec or "") & set("{}"):
        raise ValueError(f"has an unknown field {{{name}}}")
    if len(path) > DEEPEST:
        raise ValueError(f"has a field of more than {DEEPEST} keys")
    return Field(name, path, spec or ABSENT)


def _text(field: Field, attributes: dict[str, Any], data: Any) -> str:
    if not field.path:
        value = attributes.get(field.name)
        return (canonical(value) if value is not None else "") or field.absent
    for key in field.path:
        if isinstance(data, dict):
            data = data.get(key)
        elif isinstance(data, list) and key.isascii() and key.isdigit() and int(key) < len(data):
            data = data[int(key)]
        else:
            return field.absent
    if isinstance(data, str):
        return data or field.absent
    return orjson.dumps(data).decode() if isinstance(data, bool | int | float) else field.absent


def _parsed(data: bytes | None) -> Any:
    try:
        return orjson.loads(data or b"null")
    except orjson.JSONDecodeError:
        return None


def _checked(text: str) -> str:
    try:
        Template.of(text)
    except ValueError as error:
        raise Fault(str(error), _CURE) from None
    return text


TemplateText = Annotated[str, AfterValidator(_checked)]
"""The text of a ``Template`` in the configuration."""
