"""Every verb of self-service, as Markdown."""

from __future__ import annotations

from streams.commands.verbs import VERBS
from tests.docs.table import code, table


def render() -> str:
    """A row per verb."""
    rows = (
        (
            "<br>".join(map(code, verb.usage)),
            f"{verb.help} {verb.note}".rstrip(),
            code(verb.group),
            code(verb.action) if verb.action else "-",
        )
        for verb in VERBS.values()
    )
    return table(("write", "what it does", "group", "action"), rows)
