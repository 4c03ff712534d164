"""The strict base of every configuration model."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from schemas.config.secret import Secret, Spelling

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.fields import FieldInfo
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Model(BaseModel):
    """Frozen, refuses unknown keys, never quotes its input in an error.

    A field ``password: Secret`` (or ``Secret | None``) accepts ``password: ${NAME}`` and ``password_file: path``.
    Validators raise ``Fault``. Every field carries a description: it is the help an editor shows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @classmethod
    def secret_fields(cls) -> tuple[str, ...]:
        """Names of the fields that hold a ``Secret``."""
        return _secret_fields(cls)

    @classmethod
    def keys(cls) -> dict[str, FieldInfo]:
        """Every field by the key an operator writes, in order; a secret by the key of its file spelling."""
        secrets = cls.secret_fields()
        return {
            f"{name}_file" if name in secrets else field.alias or name: field
            for name, field in cls.model_fields.items()
        }

    @classmethod
    def part(cls, key: str, given: Any) -> type[Model] | None:
        """The model of what stands below ``key``, where it depends on the other keys of ``given``.

        None means that the field's annotation tells.
        """
        del key, given
        return None

    @model_validator(mode="before")
    @classmethod
    def _join_secret_spellings(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        joined = dict(data)
        for name in cls.secret_fields():
            if f"{name}_file" in joined:
                joined[name] = Spelling(value=joined.get(name), file=joined.pop(f"{name}_file"))
        return joined

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler.resolve_ref_schema(handler(schema))
        for name in cls.secret_fields():
            described["properties"][f"{name}_file"] = {
                "type": "string",
                "description": f"File that holds the {name.replace('_', ' ')}, read again when it changes.",
            }
            if name in described.get("required", ()):
                described["required"].remove(name)
                alternatives = [{"required": [name]}, {"required": [f"{name}_file"]}]
                described.setdefault("allOf", []).append({"oneOf": alternatives})
        return described


@functools.cache
def _secret_fields(model: type[Model]) -> tuple[str, ...]:
    return tuple(name for name, field in model.model_fields.items() if _mentions_secret(field.annotation))


def _mentions_secret(annotation: Any) -> bool:
    return annotation is Secret or any(map(_mentions_secret, get_args(annotation)))
