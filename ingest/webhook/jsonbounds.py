"""How deep and how manifold JSON may be: looked at before it is parsed, for a fraction of what that costs."""

from __future__ import annotations

import re
from typing import Final

from ingest.webhook.payload.document import DEEPEST
from ingest.webhook.problem import Problem

MOST: Final = 100_000
"""Members and elements of a document."""

_NO_MARK: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[^\[\]{},"]++', re.DOTALL)
_ROUND: Final = bytes.maketrans(b"[]{}", b"()()")


def check(body: bytes) -> None:
    """Raise Problem (400) when a document is deeper than 64 or has more than 100,000 members and elements.

    Whether it is JSON at all is for its parser to say. At most 64 passes over its brackets.
    """
    if body.count(b"[") + body.count(b"{") <= DEEPEST and body.count(b",") < MOST:
        return
    marks = _NO_MARK.sub(b"", body).translate(_ROUND)
    brackets = marks.replace(b",", b"")
    if len(marks) - len(brackets) + brackets.count(b"(") > MOST:
        raise Problem(400, f"The body has more than {MOST} members and elements.", field="body")
    for _ in range(DEEPEST):
        brackets = brackets.replace(b"()", b"")
    if brackets.count(b"(") > DEEPEST or b"()" in brackets:
        raise Problem(400, f"The body has more than {DEEPEST} objects and arrays inside one another.", field="body")
