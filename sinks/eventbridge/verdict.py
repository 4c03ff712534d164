"""AWS's answers as instructions to the delivery engine.

A call may fail as a whole, or be answered 200 with failed entries inside.

| of a call | means |
| --- | --- |
| throttling, with or without Retry-After | again, after that pause or a second |
| 5xx, silence after the request was sent, an answer that is not AWS's | again |
| credentials, permissions, no such bus | the sink is away: no event is to blame |
| nobody there | the sink is away |
| everything else | never |

| of an entry | means |
| --- | --- |
| ThrottlingException, InternalFailure and their like | again |
| everything else | never |
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore import exceptions
from botocore.parsers import ResponseParserError

from clients.aws.words import code, code_of, scrubbed, words
from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.answers import retry_after
from sinks.eventbridge.codes import BROKEN, FORBIDDEN, MISSING, THROTTLED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.errors import DeliveryError

PAUSE: Final = 1.0  # seconds; AWS counts its quotas by the second

FAILURES: Final = (exceptions.BotoCoreError, exceptions.ClientError, ResponseParserError)
"""What a call of boto3 may end in."""

# Nobody has read the request; whatever else goes wrong on the wire may have come after it.
_NOBODY: Final = (
    exceptions.EndpointConnectionError,
    exceptions.ConnectTimeoutError,
    exceptions.ProxyConnectionError,
    exceptions.SSLError,
)
_ON_THE_WIRE: Final = (exceptions.HTTPClientError, exceptions.IncompleteReadError, ResponseParserError)


def of_call(error: Exception) -> DeliveryError:
    """What one of ``FAILURES`` means for every entry of the call.

    A ``Reject`` may be the fault of one of several entries.
    """
    if isinstance(error, _NOBODY):
        return Unavailable(words(error))
    if isinstance(error, exceptions.ParamValidationError):
        return Reject(words(error), status="ValidationException")
    if isinstance(error, _ON_THE_WIRE):
        return Retry(words(error))
    if isinstance(error, exceptions.ClientError):
        return _of_answer(error)
    return Unavailable(words(error))  # no credentials to be found


def of_entry(result: Mapping[str, Any] | None) -> DeliveryError | None:
    """What the answer of a call says of one entry; None: the bus has it, now or since an earlier attempt."""
    if result is None:
        return Retry("the answer says nothing of this entry")
    if result.get("ErrorCode") is None:
        return None if result.get("EventId") else Retry("the answer gives this entry neither an id nor an error")
    name = code(result["ErrorCode"])
    reason = f"{name}: {scrubbed(str(result.get('ErrorMessage')))}"
    if name in THROTTLED:
        return Retry(reason, status=name, after=PAUSE)
    return Retry(reason, status=name) if name in BROKEN else Reject(reason, status=name)


def of_opening(error: Exception) -> Refused | Unavailable:
    """What one of ``FAILURES`` means before the first event: only a person can mend what AWS refuses."""
    verdict = of_call(error)
    hopeless = isinstance(verdict, Reject) or (isinstance(verdict, Unavailable) and verdict.status)
    if hopeless or isinstance(error, exceptions.NoCredentialsError | exceptions.PartialCredentialsError):
        return Refused(verdict.reason)
    return Unavailable(verdict.reason)


def _of_answer(error: exceptions.ClientError) -> DeliveryError:
    name = code_of(error)
    meta: Mapping[str, Any] = error.response.get("ResponseMetadata", {})
    status = int(meta.get("HTTPStatusCode", 0))
    if name in THROTTLED or status == 429:
        asked = retry_after(meta.get("HTTPHeaders", {}).get("retry-after"), datetime.now(UTC))
        return Retry(words(error), status=name, after=PAUSE if asked is None else asked)
    if name in FORBIDDEN | UNKNOWN | MISSING:
        return Unavailable(words(error), status=name)
    if name in BROKEN or status >= 500 or (name.isdigit() and status != 413):
        return Retry(words(error), status=name)
    return Reject(words(error), status=name)
