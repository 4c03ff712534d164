"""A decided action, on its way to the executor."""

from __future__ import annotations

from typing import ClassVar

from schemas.remediation.model import Id, Text
from schemas.remediation.request import Request
from schemas.remediation.signed import Signed


class Order(Signed):
    """One action that was approved.

    Attributes:
        id: of the request; nothing is done twice under one id.
        request: what was asked.
        decided: when, seconds since 1970.
        valid_until: seconds since 1970 from which on it is not begun any more.
        dry_run: whether it is only planned.
        approver: who has approved it; empty where nobody had to.
        configuration: hash of the configuration that it was decided by.
    """

    purpose: ClassVar = "reflexarc order v1"

    id: Id
    request: Request
    decided: float
    valid_until: float
    dry_run: bool
    approver: Text = ""
    configuration: Text = ""
