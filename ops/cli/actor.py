"""The options that say who does something, and why; both go into the audit and into records of ours."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from schemas.control import LONGEST


class Word(NamedTuple):
    """Who does it and why, as they may be written down: without known secrets, ``LONGEST`` characters at most."""

    actor: str
    reason: str


def _short(text: str | None) -> str | None:
    if text is not None and len(text) > LONGEST:
        raise typer.BadParameter(f"has more than {LONGEST} characters")
    return text


Actor = Annotated[str | None, typer.Option(help="Who does it, for the audit; default: user@host.", callback=_short)]
Reason = Annotated[str, typer.Option(help="Why, for the audit.", callback=_short)]


def word(actor: str | None, reason: str) -> Word:
    """What was typed, once the configuration is loaded: only then its secrets are known."""
    from ops.actor import myself
    from schemas.config import Redactor

    blank = Redactor().redact
    return Word(*(blank(text)[:LONGEST] for text in (actor or myself(), reason)))
