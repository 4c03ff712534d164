"""The name of an EventBridge rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DEFAULT_BUS: Final = "default"

_RULE = re.compile(
    r"arn:aws[a-z0-9-]{0,16}:events:(?P<region>[a-z0-9-]{1,32}):(?P<account>[0-9]{12})"
    r":rule/(?:(?P<bus>[A-Za-z0-9._/-]{1,256})/)?(?P<name>[A-Za-z0-9._-]{1,64})"
)


@dataclass(frozen=True, slots=True)
class RuleArn:
    """Where a rule lives, and what it is called.

    Attributes:
        text: the whole ARN.
        region: AWS region.
        account: AWS account, twelve digits.
        bus: name of the event bus.
        name: name of the rule.
    """

    text: str
    region: str
    account: str
    bus: str
    name: str

    @classmethod
    def of(cls, text: str) -> RuleArn:
        """The parts of ``arn:aws:events:<region>:<account>:rule/[<bus>/]<name>``.

        Raises:
            ValueError: it is no ARN of a rule; the message reads on from the place.
        """
        found = _RULE.fullmatch(text)
        if found is None:
            raise ValueError("is not the ARN of an EventBridge rule")
        return cls(text, found["region"], found["account"], found["bus"] or DEFAULT_BUS, found["name"])
