"""EventBridge, both generations, and as much of S3 as an upload needs: stricter than the client expects.

Signatures are checked with the secret. Documented limits are kept, and what AWS leaves open is answered with the
stricter reading. Protocols: AWS JSON 1.1 (classic), RPC v2 CBOR (v2), REST (S3).
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import cbor2

from tests.sinks.destination import Answer
from tests.sinks.eventbridge.signature import is_signed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.sinks.destination import Received

REGION, ACCOUNT, BUS = "eu-central-1", "123456789012", "events-of-ours"
CLASSIC = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{BUS}"
V2 = f"arn:aws:events:{REGION}:{ACCOUNT}:event-busv2/{BUS}/abcdefghijklmnopqrstuvwxy"
RPC = re.compile(r"/service/AWSEventsV2/operation/(\w+)")
LIMITS = {"classic": (10, 1024 * 1024 - 1), "v2": (100, 1024 * 1024)}
PARTS = {"Source", "DetailType", "Detail", "Time", "Resources"}
OWN = {"classic": PARTS | {"EventBusName", "TraceHeader"}, "v2": PARTS | {"SystemMetadata"}}


@dataclass
class Bus:
    """The stand-in; it is what a ``Destination`` answers with.

    Attributes:
        secret: the key that requests have to be signed with.
        taken: entries on the bus, in order.
        calls: entries of each call of PutEvents, taken or not.
        objects: what S3 has, by path: body and content type.
        refuse: error code for an entry, or None to take it.
        fail: status, code and headers of the answer to each call of an operation, instead of doing it.
        limit: bytes of all entries of a call; None: the documented ones.
    """

    secret: str
    taken: list[dict[str, Any]] = field(default_factory=list)
    calls: list[list[dict[str, Any]]] = field(default_factory=list)
    objects: dict[str, tuple[bytes, str | None]] = field(default_factory=dict)
    refuse: Callable[[dict[str, Any]], str | None] = lambda _: None
    fail: dict[str, tuple[int, str, Mapping[str, str]]] = field(default_factory=dict)
    limit: int | None = None
    _seen: set[str] = field(default_factory=set)

    def answer(self, received: Received) -> Answer:
        if received.method == "PUT":
            return self._store(received)
        if rpc := RPC.fullmatch(received.path):
            operation, asked, write = rpc[1], cbor2.loads(received.body), _cbor
        else:
            operation = (received.header("X-Amz-Target") or "").removeprefix("AWSEvents.")
            asked, write = json.loads(received.body), _json
        if not is_signed(received, self.secret, "events", REGION):
            return write(403, {"__type": "InvalidSignatureException", "message": "The signature does not match."})
        if operation in self.fail:
            status, code, headers = self.fail[operation]
            return write(status, {"__type": code, "message": f"{code} as told"}, headers)
        api = "v2" if rpc else "classic"
        return write(*(self._put(api, asked) if operation == "PutEvents" else self._describe(api, asked)))

    def _describe(self, api: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        known = {V2} if api == "v2" else {BUS, CLASSIC}
        if asked.get("EventBusArn" if api == "v2" else "Name") not in known:
            return 400, {"__type": "ResourceNotFoundException", "message": "Event bus does not exist."}
        return 200, {"Name": BUS}

    def _put(self, api: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        entries = asked["Entries"]
        self.calls.append(entries)
        most, limit = LIMITS[api]
        wrong = "ValidationException" if api == "classic" else "InvalidInputException"
        if not 1 <= len(entries) <= most or any(entry.keys() - OWN[api] for entry in entries):
            return 400, {"__type": wrong, "message": "Entries"}
        if sum(map(weight, entries)) > (self.limit or limit):
            return 400, {"__type": wrong, "message": "Total size of the entries in the request is over the limit."}
        results = [self._take(api, entry) for entry in entries]
        failed = sum("ErrorCode" in result for result in results)
        return 200, {"FailedEntryCount": failed, "Entries": results}

    def _take(self, api: str, entry: dict[str, Any]) -> dict[str, Any]:
        if code := self.refuse(entry) or fault(entry):
            return {"ErrorCode": code, "ErrorMessage": f"{code} of {entry.get('DetailType')}"}
        taken = {"EventId": str(uuid.uuid4())}
        if api == "classic":
            if entry["EventBusName"] in {BUS, CLASSIC}:
                self.taken.append(entry)
            return taken  # as AWS does: what is put on a bus that is not there is dropped without a word
        deduplication = entry["SystemMetadata"]["DeduplicationId"]
        if deduplication in self._seen:
            return {**taken, "SuccessCode": "DEDUPLICATED"}
        self._seen.add(deduplication)
        self.taken.append(entry)
        return {**taken, "SuccessCode": "PUBLISHED", "SequenceNumber": str(len(self.taken))}

    def _store(self, received: Received) -> Answer:
        if not is_signed(received, self.secret, "s3", REGION):
            return _xml(403, "SignatureDoesNotMatch")
        if "PutObject" in self.fail:
            status, code, headers = self.fail["PutObject"]
            return _xml(status, code, headers)
        self.objects[received.path] = received.body, received.header("Content-Type")
        return Answer(200)


def refusal(api: str, code: str, message: str) -> Answer:
    """A call that fails as a whole."""
    return (_cbor if api == "v2" else _json)(403, {"__type": code, "message": message})


def weight(entry: Mapping[str, Any]) -> int:
    """As the user guide counts."""
    texts = (entry["Source"], entry["DetailType"], entry["Detail"], *entry.get("Resources", ()))
    return 14 * ("Time" in entry) + sum(len(text.encode()) for text in texts)


def fault(entry: Mapping[str, Any]) -> str | None:
    """The error code for an entry that breaks a documented rule."""
    if len(entry["DetailType"]) > 128 or entry["Source"].startswith("aws."):
        return "NotAuthorizedForSourceException" if entry["Source"].startswith("aws.") else "InvalidArgument"
    if "Time" in entry and not isinstance(entry["Time"], int | float | datetime):
        return "InvalidArgument"
    try:
        detail = json.loads(entry["Detail"], parse_int=_whole)
    except (ValueError, RecursionError):
        return "MalformedDetail"
    return None if isinstance(detail, dict) else "MalformedDetail"


def moment(entry: Mapping[str, Any]) -> datetime:
    """The time of an entry, whichever protocol it came by."""
    time = entry["Time"]
    return time.astimezone(UTC) if isinstance(time, datetime) else datetime.fromtimestamp(time, UTC)


def _whole(digits: str) -> int:
    if not -(2**63) <= int(digits) < 2**63:
        raise ValueError(digits)
    return int(digits)


def _json(status: int, said: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, {"Content-Type": "application/x-amz-json-1.1", **(headers or {})}, json.dumps(said).encode())


def _cbor(status: int, said: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    head = {"smithy-protocol": "rpc-v2-cbor", "Content-Type": "application/cbor", **(headers or {})}
    return Answer(status, head, cbor2.dumps(said))


def _xml(status: int, code: str, headers: Mapping[str, str] | None = None) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>{code} as told</Message></Error>"
    return Answer(status, {"Content-Type": "application/xml", **(headers or {})}, body.encode())
