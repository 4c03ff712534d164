"""A message in Slack: a text for notifications, and Block Kit, within the limits that Slack documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from schemas.commands.kinds import APPROVE, REFUSE
from schemas.config import Redactor
from sinks.slack.markup import FENCES, clean, cut, escaped, escaped_width, fenced, fenced_width, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECTION: Final = 3000
"""Code units of a section's text."""

FALLBACK: Final = 4000
"""Code units of the text beside the blocks."""

SAID: Final = 3000
"""Characters that are told of a text, and of a code: so many has a reply."""

CONTEXT: Final = 300
"""Code units of the small print."""

_NOTHING: Final = "-"


class Message(NamedTuple):
    """What is shown.

    Attributes:
        text: mrkdwn, for notifications and clients that show no blocks; its last line is the context.
        blocks: as Block Kit has them.
    """

    text: str
    blocks: tuple[Mapping[str, Any], ...]

    def members(self) -> dict[str, Any]:
        """The members of a request."""
        return {"text": self.text, "blocks": self.blocks}


def message(text: str, *, context: str, code: str = "", ask: str = "") -> Message:
    """The message that shows texts just as they are: what looks like markup, a mention or a link in them is none.

    Args:
        text: of several lines, perhaps; more than ``SAID`` characters of it are cut.
        context: what the message belongs to, in small print.
        code: shown in a fixed font below the text; cut likewise.
        ask: value of buttons that approve or refuse it; empty: there are none.
    """
    said, table = _fit(text), _fit(code)
    small = cut(_safe(context), CONTEXT, escaped_width) or _NOTHING
    fallback = cut(said, FALLBACK - CONTEXT - 1, escaped_width) or _NOTHING
    return Message(
        f"{escaped(fallback)}\n{escaped(small)}",
        (
            *({"type": "section", "text": _plain(piece)} for piece in pieces(said, SECTION) or [_NOTHING]),
            *(
                {"type": "section", "text": {"type": "mrkdwn", "text": fenced(piece), "verbatim": True}}
                for piece in pieces(table, SECTION - FENCES, fenced_width)
            ),
            {"type": "context", "elements": [_plain(small)]},
            *([{"type": "actions", "elements": list(_buttons(ask))}] if ask else []),
        ),
    )


def _safe(text: str) -> str:
    """Without secrets, and without what cannot be seen."""
    return clean(Redactor().redact(text)).strip()


def _fit(text: str) -> str:
    safe = clean(Redactor().redact(text)).strip("\n").rstrip()
    return safe if len(safe) <= SAID else f"{safe[: SAID - 1]}…"


def _plain(text: str) -> Mapping[str, Any]:
    # Not mrkdwn: it would be looked through for emphasis, and there is no way to escape that.
    return {"type": "plain_text", "text": text, "emoji": False}


def _buttons(ask: str) -> Iterator[Mapping[str, Any]]:
    yield {"type": "button", "action_id": APPROVE, "value": ask, "text": _plain("Approve"), "style": "primary"}
    confirm = {
        "title": _plain("Refuse this?"),
        "text": _plain("It is refused for good: whoever wants it after all has to ask anew."),
        "confirm": _plain("Refuse"),
        "deny": _plain("Back"),
        "style": "danger",
    }
    refuse = {"type": "button", "action_id": REFUSE, "value": ask, "text": _plain("Refuse"), "style": "danger"}
    yield refuse | {"confirm": confirm}
