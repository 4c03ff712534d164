"""The options that say who does something, and why; both go into the audit."""

from __future__ import annotations

from typing import Annotated

import typer

from schemas.control import LONGEST


def _short(text: str | None) -> str | None:
    if text is not None and len(text) > LONGEST:
        raise typer.BadParameter(f"has more than {LONGEST} characters")
    return text


Actor = Annotated[str | None, typer.Option(help="Who does it, for the audit; default: user@host.", callback=_short)]
Reason = Annotated[str, typer.Option(help="Why, for the audit.", callback=_short)]
