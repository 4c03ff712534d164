"""An interactive payload: a button or menu, a shortcut, a dialog that was submitted or closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ingest.webhook.slack.call import Call, call
from ingest.webhook.slack.text import plain
from schemas.commands.kinds import PRESSED

if TYPE_CHECKING:
    from ingest.webhook.payload.place import Place

# Where a menu keeps what was chosen, by the kinds of Slack's elements.
_CHOSEN: Final = (
    ("value",),
    ("selected_option", "value"),
    ("selected_date",),
    ("selected_time",),
    ("selected_user",),
    ("selected_channel",),
    ("selected_conversation",),
)


def interaction(payload: Place) -> Call:
    """Return the call of a payload.

    Its ``command`` is the ``action_id`` of the element, or the ``callback_id`` of the shortcut or dialog; its ``text``
    the value of the element, or the text of the message that a shortcut was used on. Of the payload only what is named
    here is taken: other members are capabilities (``token``, ``response_urls``) or Slack's own business.

    Raises:
        InvalidEvent: the message begins with the member at fault.
    """
    kind = payload.required("type").word()
    action = _first(payload.find("actions"))
    return call(
        PRESSED,
        id=payload.find("trigger_id"),
        command=action.get("action_id") or action.get("name") or _either(payload, "callback_id", "view.callback_id"),
        text=plain(_text(payload, action)),
        team=_either(payload, "team.id", "user.team_id"),
        channel=_either(payload, "channel.id", "container.channel_id"),
        user=payload.find("user", "id"),
        reply=payload.find("response_url") or _first(payload.find("response_urls")).get("response_url"),
        details={"kind": kind, "block": action.get("block_id"), "state": _state(payload)},
    )


def _text(payload: Place, action: dict[str, Any]) -> str:
    for names in _CHOSEN:
        value: Any = action
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, str):
            return value
    message = payload.find("message", "text")
    return message if isinstance(message, str) and not action else ""


def _state(payload: Place) -> Any:
    """What the inputs of a dialog or message hold."""
    found = payload.find("view", "state", "values")
    return payload.find("state", "values") if found is None else found


def _either(payload: Place, *paths: str) -> Any:
    return next((found for path in paths if (found := payload.find(*path.split(".")))), None)


def _first(value: Any) -> dict[str, Any]:
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
