"""The description that the server gives of itself holds, by the judgement of somebody else: schemathesis.

It reads ``/openapi.json``, makes requests of it, well-formed and not, and compares every answer with what is described:
statuses, media types, problems, headers, methods, and that no door opens to who shows nothing.
"""

from __future__ import annotations

import hmac
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.auth import AuthBase, _basic_auth_str
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import unsupported_method

from schemas.cloudevents import kafka as binding
from schemas.cloudevents.mediatype import STRUCTURED
from schemas.config.webhook.endpoint import TYPES
from tests.support import slack
from tests.support.webhook import SECONDS, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from requests import PreparedRequest

    from ops.dev.component import Status
    from tests.support.webhook import Webhook

    Case = schemathesis.Case[Any]

pytestmark = pytest.mark.stack

SHORT, LONG = 8, 1_500
"""Requests that are drawn for each operation, beside those that schemathesis works out from the description."""

SECRET: Final = "s3cr3t-of-every-door"
FILES: Final = {"secret": SECRET, "slack.secret": slack.SIGNING, **slack.KEYS}
OPEN: Final = {"open": True}
SLACK: Final = {
    "teams": [slack.TEAM],
    "users": [slack.USER],
    "seal_key_file": "seal",
    "principal_key_file": "principal",
}
ENDPOINTS: Final[dict[str, Any]] = {
    **{kind: {"type": kind, "door": OPEN} for kind in TYPES if kind != "slack"},
    "slack": {"type": "slack", "door": {"hmac": {"preset": "slack", "secret_file": "slack.secret"}}, "slack": SLACK},
    "front": {"type": "cloudevents"},
    "bearer": {"type": "cloudevents", "door": {"token_file": "secret"}},
    "basic": {"type": "event-router", "door": {"username": "admin", "password_file": "secret"}},
    "signed": {"type": "github", "door": {"hmac": {"secret_file": "secret"}}},
    "path": {"type": "aria-operations", "door": {"path_token_file": "secret"}},
    "near": {"type": "log-alert", "door": {"allow": ["10.0.0.0/8"]}},
    "rare": {"type": "cloudevents", "door": OPEN, "rate": "1/h"},
    "origins": {"type": "cloudevents", "door": OPEN, "origins": {"events.example.org": "100/s"}},
}
SETTINGS: Final = {"token_file": "secret", "max_body": "64KiB", "endpoints": ENDPOINTS}

POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
"""Requests as described, and others."""

CONFIG: Final = {
    # What senders of alerts may send is wider than any schema of it, and what is a CloudEvent is narrower.
    "checks": {"positive_data_acceptance": {"enabled": False}}
}


class Known(AuthBase):
    """A sender that shows what the door of the path asks for."""

    def __call__(self, prepared: PreparedRequest) -> PreparedRequest:
        name = prepared.path_url.partition("?")[0].removeprefix("/").partition("/")[0]
        body = prepared.body or b""
        prepared.headers.update(proof(f"{prepared.method} {name}", body.encode() if isinstance(body, str) else body))
        return prepared


def proof(operation: str, body: bytes = b"") -> dict[str, str]:
    """What is shown in headers; the server's token wherever no endpoint takes the method."""
    match operation:
        case "POST slack":
            headers = slack.headers(body, now=time.time())
            return {name: value for name, value in headers.items() if name != "Content-Type"}
        case "POST signed":
            return {"X-Hub-Signature-256": f"sha256={hmac.digest(SECRET.encode(), body, 'sha256').hex()}"}
        case "POST basic" | "PUT basic":
            return {"Authorization": _basic_auth_str("admin", SECRET)}
    return {"Authorization": f"Bearer {SECRET}"}


class Contract:
    """What is described, and how often which answer was heard."""

    def __init__(self, webhook: Webhook) -> None:
        self._sent = 0
        self.heard: Counter[int] = Counter()
        config = schemathesis.Config.from_dict(CONFIG)
        url = f"{webhook.url}/openapi.json"
        self._schema = schemathesis.openapi.from_url(url, config=config, headers=proof("GET openapi.json"))

    def try_out(self, examples: int) -> None:
        """Every operation: requests that are worked out from the description, and some that are drawn."""
        for operation in (result.ok() for result in self._schema.get_all_operations()):
            generation = self._schema.config.generation_for(operation=operation)
            for case in self._schema.iter_coverage_cases(
                operation, generation_modes=[POSITIVE, NEGATIVE], generation_config=generation
            ):
                self._send(case)
            self._draw(operation.as_strategy(), examples)
            if STRUCTURED in operation.get_request_payload_content_types():  # of which alone there is a schema
                self._draw(operation.as_strategy(generation_mode=NEGATIVE), examples)

    def _draw(self, cases: st.SearchStrategy[Case], examples: int) -> None:
        @settings(max_examples=examples, suppress_health_check=list(HealthCheck), database=None)
        @given(cases)
        def attempt(case: Case) -> None:
            self._send(case)

        attempt()

    def _send(self, case: Case) -> None:
        """Send a request, one in four as a stranger, and compare the answer with what is described."""
        self._sent += 1
        # A proof that a case leaves out, or has another value for, must not come by the way.
        known = self._sent % 4 != 0 and not (case.meta and case.meta.is_negative_at(ParameterLocation.HEADER))
        if known and "token" in case.path_parameters:
            case.path_parameters["token"] = SECRET
        proof = Known() if known else None
        # Strangers are not told which methods there are.
        unfit = [] if known else [unsupported_method]
        answer = case.call_and_validate(timeout=SECONDS, auth=proof, excluded_checks=unfit)
        self.heard[answer.status_code] += 1


@pytest.fixture
def webhook(stack: Status, tmp_path: Path) -> Iterator[Webhook]:
    with running(tmp_path, stack["kafka"].endpoint or "", SETTINGS, FILES) as webhook:
        yield webhook


def test_whatever_is_asked_the_answer_is_as_described(webhook: Webhook) -> None:
    """And what is stored are events."""
    hold(webhook, SHORT)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_after_tens_of_thousands_of_requests_the_description_still_holds(webhook: Webhook) -> None:
    hold(webhook, LONG)


def hold(webhook: Webhook, examples: int) -> None:
    contract = Contract(webhook)
    contract.try_out(examples)

    assert {200, 202, 400, 401, 403, 404, 405, 415, 429} <= set(contract.heard)
    assert webhook.service.alive
    assert 200 == webhook.service.ask("/ready")[0]
    records = webhook.fresh()
    assert records
    for record in records:
        binding.from_message(*record)
