"""What an answer to a raw request has to be before the event counts as delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.errors import Reject, Retry
from sinks.answers import judge
from sinks.http.rawconfig import expression

if TYPE_CHECKING:
    from clients.http import Response
    from schemas.errors import DeliveryError
    from sinks.http.rawconfig import AnswerConfig, RawConfig

_MISSING: Final = object()
_LONGEST: Final = 1000  # characters of a text that an expression looks at


class Expectation:
    """Judges answers by status and, if asked, by one field of their JSON."""

    def __init__(self, config: RawConfig) -> None:
        self._accept = frozenset(config.accept)
        self._answer = config.answer
        matches = config.answer.matches if config.answer is not None else None
        self._pattern = None if matches is None else expression(matches)

    def judge(self, response: Response) -> DeliveryError | None:
        """What an answer means for the event; None: accepted. One whose field says otherwise is tried again."""
        if response.status not in self._accept:
            if self._accept and 200 <= response.status < 300:
                return Reject(f"answered {response.status}, which accept does not list", status=str(response.status))
            if verdict := judge(response.status, response.headers):
                return verdict
        if self._answer is not None and not self._holds(self._answer, _at(response.body, self._answer.path)):
            return Retry(f"the answer's {self._answer.path} is not as it should be", status=str(response.status))
        return None

    def _holds(self, answer: AnswerConfig, value: Any) -> bool:
        if self._pattern is None:
            return type(value) is type(answer.equals) and bool(value == answer.equals)
        if isinstance(value, bool | int | float):
            value = orjson.dumps(value).decode()
        return isinstance(value, str) and len(value) <= _LONGEST and self._pattern.fullmatch(value) is not None


def _at(body: bytes, path: str) -> Any:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _MISSING
    for key in path.split("."):
        if not isinstance(value, dict) or key not in value:
            return _MISSING
        value = value[key]
    return value
