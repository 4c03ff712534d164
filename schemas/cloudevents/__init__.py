"""CloudEvents 1.0: the event, its JSON format and its Kafka and HTTP bindings, strict in both directions.

``event`` holds the model, ``attributes`` and ``mediatype`` the rules its attributes obey, ``json`` the event format,
``kafka`` and ``http`` the bindings. Whatever breaks a rule raises ``schemas.errors.InvalidEvent``; nothing is repaired
and nothing is invented.
"""

from __future__ import annotations

from schemas.cloudevents.attributes import SPECVERSION, Value
from schemas.cloudevents.event import CloudEvent

__all__ = ["SPECVERSION", "CloudEvent", "Value"]
