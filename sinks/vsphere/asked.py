"""What a file says about a sink that acts on vSphere: which action, told what, and on which object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, SerializeAsAny, ValidationInfo

from schemas.config import Fault, Model, VcenterName
from sinks.base import SinkConfig
from sinks.vsphere import actions
from sinks.vsphere.actions import ACTIONS
from sinks.vsphere.parameters.none import NoParameters

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

PARAMETERS = "parameters"

_Kind = type[Model]  # "type" is a field of the class below

_PATH = re.compile(r"[^.\s]+(\.[^.\s]+)*")


def _path(text: str) -> str:
    if not _PATH.fullmatch(text):
        raise Fault("is no path into the event's data", "write names separated by dots: event.metadata.source")
    return text


def _action(name: str) -> str:
    if name not in ACTIONS:
        raise Fault("is no action", f"known: {', '.join(ACTIONS)}")
    return name


def _required(model: type[Model]) -> list[str]:
    return [key for key, field in model.keys().items() if field.is_required()]


def _parameters(value: Any, info: ValidationInfo) -> Model:
    action = info.data.get("action")
    if action is None:  # which is a fault of its own
        return NoParameters()
    model = actions.parameters(action)
    if isinstance(value, model):
        return value
    given = {} if value is None or isinstance(value, NoParameters) else value
    if given == {} and (required := _required(model)):
        cure = f"add parameters: {{{', '.join(f'{key}: …' for key in required)}}}"
        raise Fault("is missing", cure, field=PARAMETERS if isinstance(value, NoParameters) else None)
    return model.model_validate(given, context=info.context)


class ActionSinkConfig(SinkConfig):
    """Which action, and what it is done to."""

    in_flight: int = Field(1, ge=1, le=8, strict=True, description="Objects that are acted on at once.")
    action: Annotated[str, AfterValidator(_action), Field(json_schema_extra={"enum": [*ACTIONS]})] = Field(
        description="What is done."
    )
    parameters: Annotated[SerializeAsAny[Model], PlainValidator(_parameters, json_schema_input_type=dict[str, Any])] = (
        Field(NoParameters(), validate_default=True, description="What the action is told.")
    )
    vcenters: tuple[VcenterName, ...] = Field((), description="Where the object may be; default: every vCenter.")
    target: Annotated[str, AfterValidator(_path)] = Field(
        "event.metadata.source",
        description="Where the event's data name the object; an event of a vCenter says itself which one it is about.",
    )

    beside_others: bool = Field(
        default=False, description="Whether a route may have another sink do the same for the same event."
    )

    @classmethod
    def part(cls, key: str, given: Any) -> _Kind | None:
        """The parameters are those of the action."""
        action = given.get("action") if key == PARAMETERS and isinstance(given, dict) else None
        return actions.parameters(action) if isinstance(action, str) and action in ACTIONS else None

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler.resolve_ref_schema(super().__get_pydantic_json_schema__(schema, handler))
        described["allOf"] = [
            {
                "if": {"properties": {"action": {"const": name}}, "required": ["action"]},
                "then": {
                    "properties": {PARAMETERS: handler(entry.parameters.__pydantic_core_schema__)},
                    "required": [PARAMETERS] if _required(entry.parameters) else [],
                },
            }
            for name, entry in ACTIONS.items()
        ]
        return described
