"""What a validator raises: one fault in the operator's words, with its cure."""

from __future__ import annotations


class Fault(ValueError):  # noqa: N818 - names what is wrong, as the error tree does
    """A value that cannot stand in the configuration.

    Raise it from any pydantic validator of a configuration model; the loader turns it into a ``Problem`` with
    the path and line of the value. Neither text may quote a secret.

    Args:
        what: what is wrong, reading on from the path: ``is not a duration``.
        cure: what to write instead.
        field: key of the field at fault, when a validator of a whole model raises it.
    """

    def __init__(self, what: str, cure: str, *, field: str | None = None) -> None:
        super().__init__(f"{what} ({cure})")
        self.what = what
        self.cure = cure
        self.field = field
