"""A secret: known by where it is kept, read when it is used, never printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import core_schema

from schemas.config.fault import Fault
from schemas.config.redact import MASK, remember
from schemas.config.scope import Scope
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
    from pydantic.json_schema import JsonSchemaValue

LONGEST = 65_536  # bytes; a larger file is not a secret but a mistake

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Spelling:
    """The two ways a file may name a secret, as written: ``<field>: ${NAME}`` and ``<field>_file: path``."""

    value: object = None
    file: object = None

    def __repr__(self) -> str:
        return MASK


class Secret:
    """A password or token that lives in a file or an environment variable.

    Its text form is always asterisks. Compare, copy and log it freely; only ``reveal`` gives the value away.
    """

    __slots__ = ("_environ", "_file", "_variable")

    def __init__(self, *, file: Path | None, variable: str, environ: Mapping[str, str]) -> None:
        self._file = file
        self._variable = variable
        self._environ = environ

    @classmethod
    def from_file(cls, path: Path) -> Secret:
        """A secret kept in ``path``, read again at every use so that rotation needs no restart."""
        return cls(file=path, variable="", environ={})

    @classmethod
    def from_env(cls, name: str, environ: Mapping[str, str]) -> Secret:
        """A secret kept in the variable ``name`` of ``environ``."""
        return cls(file=None, variable=name, environ=environ)

    def reveal(self) -> str:
        """The value, without the newline at its end; every ``Redactor`` blanks it from now on.

        Raises:
            Refused: the file or variable is gone, empty, too large or not text.
        """
        try:
            value = self._read()
        except Fault as fault:
            place = self._file or f"environment variable {self._variable}"
            raise Refused(f"secret in {place}: {fault.what}", cure=fault.cure) from None
        self._remember(value)
        return value

    def version(self) -> tuple[str, int]:
        """Where it is kept, and when that was last written, in nanoseconds; 0 when that cannot be told."""
        if self._file is None:
            return self._variable, 0
        try:
            return str(self._file), self._file.stat().st_mtime_ns
        except OSError:
            return str(self._file), 0

    def _read(self) -> str:
        if self._file is None:
            value = self._environ.get(self._variable)
            if value is None:
                raise Fault(f"environment variable {self._variable} is not set", "export it before the start")
        else:
            value = _content(self._file)
        if not value:
            raise Fault("is empty", "store the secret there")
        return value

    def _remember(self, value: str) -> None:
        # Only a file is rotated; variables of one name may stand in several environments.
        remember(value, owner=self._file or (self._variable, value))

    def __repr__(self) -> str:
        return MASK

    def __deepcopy__(self, _memo: object) -> Secret:
        return self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return (self._file, self._variable) == (other._file, other._variable)

    def __hash__(self) -> int:
        return hash((self._file, self._variable))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(
            _validate, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^{_REFERENCE.pattern}$"}


def _validate(given: Any, info: ValidationInfo) -> Secret:
    if isinstance(given, Secret):
        return given
    spelling = given if isinstance(given, Spelling) else Spelling(value=given)
    name = info.field_name or "secret"
    if spelling.value is not None and spelling.file is not None:
        raise Fault(f"is given twice, as {name} and as {name}_file", f"keep {name}_file")
    scope = Scope.of(info.context)
    secret = _from_value(name, spelling.value, scope) if spelling.file is None else _from_path(spelling.file, scope)
    secret._remember(secret._read())  # noqa: SLF001 - reading it now proves that it can be read later
    return secret


def _from_value(name: str, value: object, scope: Scope) -> Secret:
    if value is None:
        raise Fault("has no value", f"write {name}_file: <path>")
    reference = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if reference is None:
        raise Fault(
            "is written in clear",
            f"keep it in a file and write {name}_file: <path>, or in the environment and write {name}: ${{NAME}}",
        )
    return Secret.from_env(reference[1], scope.environ)


def _from_path(file: object, scope: Scope) -> Secret:
    if not isinstance(file, str | Path):
        raise Fault("is not a path", "write the path of a file that holds nothing but the secret")
    return Secret.from_file(scope.path(str(file)))


def _content(path: Path) -> str:
    """The text of a secret file. The messages keep the path to themselves: it may be a misplaced password."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except FileNotFoundError:
        raise Fault("names a file that does not exist", "relative paths start at the folder of this file") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "not a path").lower()
        raise Fault(f"names a file that cannot be read: {reason}", "let this user read it") from None
    if len(content) > LONGEST:
        raise Fault(f"names a file of more than {LONGEST} bytes", "store nothing but the secret there")
    try:
        return content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Fault("names a file that is not UTF-8 text", "store the secret as UTF-8") from None
