"""``type: eventbridge``: an event bus of Amazon EventBridge, of either generation.

``entry`` says how an event is spelled, ``size`` what it weighs, ``bus`` talks to AWS, ``verdict`` reads its answers,
``offload`` keeps in S3 what is too large, ``handover`` brings a batch across, and ``sink`` is the connector.
"""

from sinks.eventbridge.sink import EventBridgeSink as EventBridgeSink
