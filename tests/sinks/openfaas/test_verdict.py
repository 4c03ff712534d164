from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.errors import Reject, Retry, Unavailable
from sinks.openfaas.verdict import of_function, of_no_callback, of_queue

if TYPE_CHECKING:
    from schemas.errors import DeliveryError


@pytest.mark.parametrize(
    ("status", "headers", "by", "error", "reason"),
    [
        (200, {}, "accepted", None, ""),
        (500, {}, "function", Retry, "f answered 500 Internal Server Error"),
        (400, {}, "function", Reject, "f answered 400 Bad Request"),
        (500, {"x-openfaas-internal": "proxy"}, "gateway", Retry, "f answered 500 Internal Server Error"),
        (404, {"x-openfaas-internal": "proxy"}, "gateway", Retry, "f answered 404 Not Found"),
        (400, {"x-openfaas-internal": "p"}, "gateway", Retry, "f answered 400 Bad Request, not by the function itself"),
        (
            502,
            {"x-openfaas-internal": "gateway"},
            "gateway",
            Unavailable,
            "the gateway has no provider: f answered 502 Bad Gateway",
        ),
    ],
)
def test_a_failure_of_the_gateway_is_told_from_one_of_the_function(
    status: int, headers: dict[str, str], by: str, error: type[DeliveryError] | None, reason: str
) -> None:
    verdict = of_function("f", status, headers)

    assert (by, error) == (verdict.by, type(verdict.error) if verdict.error else None)
    assert reason == str(verdict.error or "")


def test_what_is_said_to_the_queueing_of_a_call_is_never_the_functions_word() -> None:
    assert ("accepted", "gateway", "gateway") == tuple(of_queue("f", status, {}).by for status in (202, 400, 500))
    assert "the queue of f answered 500 Internal Server Error" == str(of_queue("f", 500, {}).error)


def test_a_call_that_nobody_calls_back_is_tried_again() -> None:
    by, error = of_no_callback("f", 1.5)

    assert ("silence", True) == (by, isinstance(error, Retry))
    assert "f was queued, and nobody called back within 1.5 s" == str(error)
