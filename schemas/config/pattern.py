"""An EventBridge event pattern that lies elsewhere: in a file, or in a rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import orjson
from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo, model_validator

from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST: Final = 64 * 1024
"""Bytes; EventBridge itself takes 4096 characters at most."""


def _path(path: Path, info: ValidationInfo) -> Path:
    return Scope.of(info.context).path(str(path))


class PatternConfig(Model):
    """Where the pattern is; a mapping without these keys is the pattern itself."""

    file: Annotated[Path, AfterValidator(_path)] | None = Field(None, description="JSON file that holds the pattern.")
    rule_arn: str | None = Field(None, description="EventBridge rule whose pattern is fetched, and again every 5 min.")
    _content: dict[str, Any] | None = PrivateAttr(None)

    @property
    def content(self) -> Mapping[str, Any] | None:
        """What the file held when the configuration was read; it is part of what makes two configurations equal."""
        return self._content

    @model_validator(mode="after")
    def _read(self) -> PatternConfig:
        if (self.file is None) == (self.rule_arn is None):
            raise Fault("needs one of file and rule_arn", "name one of them")
        if self.file is not None:
            self._content = read_pattern(self.file)
        return self


def read_pattern(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        Fault: there is none, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        what = f"cannot be read: {(error.strerror or 'unknown').lower()}"
        raise Fault(what, "name a file that can be read", field="file") from None
    if len(raw) > LARGEST:
        raise Fault(f"is larger than {LARGEST} bytes", "split the pattern over several routes", field="file")
    try:
        pattern = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        what = f"is no JSON in line {error.lineno}: {error.msg}"
        raise Fault(what, "mend it; JSON has no comments", field="file") from None
    if not isinstance(pattern, dict):
        cure = 'write a pattern such as {"detail": {"subject": ["VmPoweredOnEvent"]}}'
        raise Fault("holds no JSON object", cure, field="file")
    return pattern
