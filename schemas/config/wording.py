"""What is wrong and what cures it, in the operator's words instead of pydantic's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from schemas.config.fault import Fault
from schemas.config.names import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from schemas.config.model import Model

Words = tuple[str, str]

# Longest quotation of a wrong value.
_QUOTED: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One error of pydantic with the model, and the field where there is one, that it belongs to."""

    detail: ErrorDetails
    owner: type[Model]
    field: FieldInfo | None

    @property
    def key(self) -> str:
        """The key at fault."""
        return str(self.detail["loc"][-1]) if self.detail["loc"] else ""

    @property
    def meaning(self) -> str:
        """What the field is for."""
        return (self.field.description if self.field else None) or "see `reflexarc config schema`"


def words(finding: Finding) -> Words:
    """Fault and cure of one finding."""
    kind, context = finding.detail["type"], finding.detail.get("ctx", {})
    if isinstance(fault := context.get("error"), Fault):
        return fault.what, fault.cure
    if kind == "missing":
        return "is missing", _add(finding)
    if kind == "extra_forbidden":
        return unknown_key(finding.key, list(finding.owner.keys()))
    if finding.detail["input"] is None:
        return "has no value", f"write one, or remove the line: {finding.meaning}"
    return _of_value(finding, kind, context)


def unknown_key(key: str, known: Sequence[str]) -> Words:
    """Fault and cure of a key that nobody reads."""
    if not known:
        return "is not a known key", "remove it: nothing is to be said here"
    close = nearest(key, known)
    return "is not a known key", f"did you mean {close}?" if close else f"known keys: {', '.join(known)}"


def _of_value(finding: Finding, kind: str, context: dict[str, Any]) -> Words:
    if kind == "literal_error":
        choices = context["expected"].replace("'", "")
        return f"{_quote(finding.detail['input'])} is not one of the choices", f"write {choices}"
    if kind in _BOUNDS:
        what, cure, bound = _BOUNDS[kind]
        return what, f"{cure} {context[bound]}"
    if kind == "value_error":
        return str(context["error"]), finding.meaning
    what, instead = _TYPES.get(kind, ("is not accepted here", None))
    return what, instead or finding.meaning


def _add(finding: Finding) -> str:
    if finding.key in finding.owner.secret_fields():
        return f"add {finding.key}_file: <path>, or {finding.key}: ${{NAME}} from the environment"
    return f"add {finding.key}: {finding.meaning}"


def _quote(value: Any) -> str:
    text = str(value)
    return f"'{text}'" if len(text) <= _QUOTED else f"'{text[:_QUOTED]}…'"


_BOUNDS: Final = {
    "greater_than": ("is too small", "write more than", "gt"),
    "greater_than_equal": ("is too small", "write at least", "ge"),
    "less_than": ("is too large", "write less than", "lt"),
    "less_than_equal": ("is too large", "write at most", "le"),
    "string_too_short": ("is too short", "smallest number of characters:", "min_length"),
    "string_too_long": ("is too long", "largest number of characters:", "max_length"),
    "too_short": ("has too few entries", "smallest number of entries:", "min_length"),
    "too_long": ("has too many entries", "largest number of entries:", "max_length"),
    "string_pattern_mismatch": ("does not have the expected form", "write something of the form", "pattern"),
}

_TEXT: Final = ("is not text", "write one value, in quotes where it is a number")
_WHOLE: Final = ("is not a whole number", "write digits without quotes")
_NUMBER: Final = ("is not a number", "write digits without quotes")
_SWITCH: Final = ("is neither true nor false", "write true or false")
_MAPPING: Final = ("is not a mapping of keys to values", "write key: value below it")
_LIST: Final = ("is not a list", "write [one, two]")

_TYPES: Final[dict[str, tuple[str, str | None]]] = {
    "string_type": _TEXT,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "url_parsing": ("is not a URL", None),
    "url_scheme": ("is not a URL of the right scheme", None),
    "path_type": ("is not a path", "write the path of a file"),
}
