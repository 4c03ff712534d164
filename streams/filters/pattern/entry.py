"""An event as EventBridge sees it when the VMware event router, or this product in its manner, put it there.

| field | holds |
|---|---|
| ``source`` | the event's ``source`` |
| ``detail-type`` | its ``subject`` |
| ``detail`` | the whole CloudEvent: every attribute by name, as text, and ``data`` when it is JSON |
| ``id``, ``time`` | those of the event; the router leaves both to EventBridge |
| ``version``, ``resources`` | ``"0"`` and an empty list |
| ``account``, ``region`` | those of the rule, when the pattern is a rule's; else they are absent |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams.filters.view import MISSING

if TYPE_CHECKING:
    from streams.filters.view import View

ROUTER_TYPE: Final = "com.vmware.event.router/"
_KAFKA_TYPE: Final = "com.vmware.vsphere."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Which event a pattern looks at.

    Attributes:
        data: whether it looks into the data.
        attributes: whether it looks at anything else; without it the event has nothing else.
        router_type: whether types of vCenter events are spelled as the VMware event router does.
        account: AWS account of the rule.
        region: AWS region of the rule.
    """

    data: bool
    attributes: bool = True
    router_type: bool = False
    account: str | None = None
    region: str | None = None

    def entry(self, view: View) -> dict[str, Any]:
        """The event in that shape; its data is parsed only when asked for."""
        if not self.attributes:
            return {"detail": {} if view.data is MISSING else {"data": view.data}}
        detail: dict[str, Any] = dict(view.attributes)
        if self.router_type:
            detail["type"] = _router_type(detail)
        if self.data and view.data is not MISSING:
            detail["data"] = view.data
        fields = {
            "version": "0",
            "id": detail.get("id"),
            "source": detail.get("source"),
            "detail-type": detail.get("subject"),
            "time": detail.get("time"),
            "account": self.account,
            "region": self.region,
        }
        return {name: value for name, value in fields.items() if value is not None} | {
            "resources": [],
            "detail": detail,
        }


def _router_type(attributes: dict[str, Any]) -> str:
    kind, eventclass = str(attributes.get("type")), attributes.get("eventclass")
    return f"{ROUTER_TYPE}{eventclass}" if eventclass and kind.startswith(_KAFKA_TYPE) else kind
