"""What an event must look like to take a route. The shape of it; what it means is compiled in ``streams/filters``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.pattern import PatternConfig
from schemas.config.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator

Colour = Literal["gray", "green", "yellow", "red"]


def as_tuple(value: Any) -> Any:
    """One value where a list may stand; a number too, so that its fault is that it is no text."""
    return (value,) if isinstance(value, str | int | float) else value


def not_empty(values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse an empty list, and an empty text in it."""
    if not values or not all(values):
        raise Fault("names nothing", "name one, or leave the key out to match every event")
    return values


OneOrMore = Annotated[
    tuple[str, ...], BeforeValidator(as_tuple, json_schema_input_type=str | list[str]), AfterValidator(not_empty)
]
"""A text or a list of texts, none of them empty."""

Colours = Annotated[tuple[Colour, ...], BeforeValidator(as_tuple, json_schema_input_type=Colour | list[Colour])]


class AlarmConfig(Model):
    """The edge of an alarm: AlarmStatusChangedEvent from one status to another."""

    name: OneOrMore | None = Field(None, description="Name of the alarm; * stands for any text. Default: every alarm.")
    from_: Colours | None = Field(None, alias="from", description="Status before; default: any.")
    to: Colours | None = Field(None, description="Status after; default: any.")


class InventoryConfig(Model):
    """What the inventory must know of the entity that the event is about; needs `reflexarc ingest inventory`."""

    folder: OneOrMore | None = Field(
        None, description="Path of a folder that holds it, at any depth: /DC0/vm/web; * stands for any text."
    )
    cluster: OneOrMore | None = Field(None, description="Name of its cluster; * stands for any text.")
    resource_pool: OneOrMore | None = Field(None, description="Name of its resource pool; * stands for any text.")
    tags: dict[str, OneOrMore] | None = Field(None, description="Tags it carries, by category; * stands for any text.")
    attributes: dict[str, Any] | None = Field(None, description="Custom attributes, each with a condition as in data.")
    max_age: Duration = Field(600.0, gt=0, description="Older knowledge counts as unknown.")


def _pattern(value: Any, info: ValidationInfo) -> Any:
    """A reference to a pattern becomes its model; a pattern in place stays the mapping it is."""
    if isinstance(value, dict) and value.keys() & {"file", "rule_arn"}:
        return PatternConfig.model_validate(value, context=info.context)
    return value


class MatchConfig(Model):
    """What an event must look like; every key must hold, and without any every event matches."""

    subject: OneOrMore | None = Field(
        None, description="Subject or subjects: VmPoweredOffEvent; * stands for any text."
    )
    type: OneOrMore | None = Field(None, description="CloudEvents type or types; * stands for any text.")
    vcenter: OneOrMore | None = Field(None, description="Configured name or names of vCenters; * stands for any text.")
    source: OneOrMore | None = Field(None, description="CloudEvents source or sources; * stands for any text.")
    exact: dict[str, str] | None = Field(None, description="Attributes that equal these values (Knative).")
    prefix: dict[str, str] | None = Field(None, description="Attributes that start with these values (Knative).")
    suffix: dict[str, str] | None = Field(None, description="Attributes that end with these values (Knative).")
    all: tuple[MatchConfig, ...] | None = Field(None, description="Each holds; every item has one key.")
    any: tuple[MatchConfig, ...] | None = Field(None, description="At least one holds; every item has one key.")
    not_: MatchConfig | None = Field(None, alias="not", description="Does not hold; has one key.")
    cesql: str | None = Field(None, description="CloudEvents SQL expression over attributes.")
    data: dict[str, Any] | None = Field(
        None,
        description="Paths into the event's data, such as Vm.Name, each with a value, operators or a list of them.",
    )
    pattern: Annotated[PatternConfig | dict[str, Any], BeforeValidator(_pattern)] | None = Field(
        None, description="EventBridge event pattern, in place or from a file or rule."
    )
    alarm: AlarmConfig | None = Field(None, description="The edge of an alarm.")
    inventory: InventoryConfig | None = Field(None, description="What is known of the entity.")

    def walk(self) -> Iterator[MatchConfig]:
        """This one, and every one inside it."""
        yield self
        for nested in (*(self.all or ()), *(self.any or ()), *((self.not_,) if self.not_ else ())):
            yield from nested.walk()

    def references(self) -> Iterator[PatternConfig]:
        """Every pattern that lies elsewhere."""
        return (each.pattern for each in self.walk() if isinstance(each.pattern, PatternConfig))

    def given(self) -> tuple[str, ...]:
        """Keys that were written, as they are spelled."""
        return tuple(
            field.alias or name for name, field in type(self).model_fields.items() if getattr(self, name) is not None
        )
