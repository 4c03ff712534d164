"""What Slack takes in a message: members, blocks and lengths as its reference has them, and nothing beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE: Final = frozenset({"text", "blocks"})
HOOK: Final = MESSAGE | {"response_type", "replace_original", "delete_original"}
EPHEMERAL: Final = MESSAGE | {"channel", "user", "parse", "link_names", "thread_ts"}
POST: Final = MESSAGE | {
    *("channel", "parse", "link_names", "thread_ts", "metadata", "mrkdwn", "unfurl_links", "unfurl_media")
}

TEXT: Final = 4000
BLOCKS: Final = 50
SECTION: Final = 3000

_ENTITY: Final = re.compile(r"&(?!amp;|lt;|gt;)")


def flaws(body: Any, members: frozenset[str]) -> Iterator[str]:
    """What is wrong with the body of a request, as Slack would name it; each with the place behind a colon."""
    if not isinstance(body, dict):
        yield "invalid_payload: it is no object"
        return
    yield from (f"invalid_arguments: {name}" for name in sorted(body.keys() - members))
    text, blocks = body.get("text"), body.get("blocks", [])
    if not isinstance(text, str) or not text.strip():
        yield "no_text: text"
    elif units(text) > TEXT:
        yield "msg_too_long: text"
    elif _ENTITY.search(text) or {"<", ">"} & set(text):
        yield "invalid_arguments: text holds control characters that are not escaped"  # none is meant here
    if not isinstance(blocks, list) or len(blocks) > BLOCKS:
        yield "invalid_blocks: blocks"
        return
    for number, block in enumerate(blocks):
        yield from (f"invalid_blocks: blocks/{number}/{flaw}" for flaw in _of_block(block))


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _of_block(block: Any) -> Iterator[str]:
    match block:
        case {"type": "section", "text": text, **rest}:
            yield from _of_text(text, SECTION)
        case {"type": "context", "elements": [*elements], **rest} if 1 <= len(elements) <= 10:
            for element in elements:
                yield from _of_text(element, SECTION)
        case {"type": "actions", "elements": [*elements], **rest} if 1 <= len(elements) <= 25:
            for element in elements:
                yield from _of_button(element)
        case _:
            yield "type"
            return
    yield from (str(name) for name in rest if name != "block_id")


def _of_text(text: Any, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    match text:
        case {"type": "plain_text", "text": str(said), **rest} if rest.keys() <= {"emoji"}:
            pass
        case {"type": "mrkdwn", "text": str(said), **rest} if rest.keys() <= {"verbatim"}:
            if _ENTITY.search(said) or {"<", ">"} & set(said):
                yield "text holds control characters"
        case _:
            yield "text"
            return
    if text["type"] not in kinds or not said.strip() or units(said) > most:
        yield "text"


def _of_button(button: Any) -> Iterator[str]:
    match button:
        case {"type": "button", "text": text, "action_id": str(name), **rest}:
            yield from _of_text(text, 75, ("plain_text",))
        case _:
            yield "button"
            return
    if not 1 <= len(name) <= 255 or not isinstance(rest.get("value", ""), str) or len(rest.get("value", "")) > 2000:
        yield "button"
    if rest.get("style", "primary") not in {"primary", "danger"} or rest.keys() - {"value", "style", "confirm"}:
        yield "button"
    if "confirm" in rest:
        yield from _of_confirm(rest["confirm"])


def _of_confirm(confirm: Any) -> Iterator[str]:
    longest = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
    if not isinstance(confirm, dict) or not longest.keys() <= confirm.keys() <= {*longest, "style"}:
        yield "confirm"
        return
    for name, most in longest.items():
        yield from _of_text(confirm[name], most, ("plain_text",))
