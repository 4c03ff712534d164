from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions
from botocore.parsers import ResponseParserError

from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.eventbridge.verdict import PAUSE, of_call, of_entry, of_opening

URL = "https://events.example/"


def answered(code: str, status: int = 400, **headers: str) -> exceptions.ClientError:
    meta = {"HTTPStatusCode": status, "HTTPHeaders": headers}
    return exceptions.ClientError(
        {"Error": {"Code": code, "Message": "why"}, "ResponseMetadata": meta},
        "PutEvents",
    )


@pytest.mark.parametrize("code", ["ThrottlingException", "Throttling", "TooManyRequestsException", "SlowDown"])
def test_a_throttled_call_comes_again_after_a_second_or_the_pause_that_is_asked_for(code: str) -> None:
    usual, asked = of_call(answered(code)), of_call(answered(code, **{"retry-after": "7"}))

    assert isinstance(usual, Retry)
    assert isinstance(asked, Retry)
    assert (PAUSE, 7.0) == (usual.after, asked.after)


@pytest.mark.parametrize(
    ("code", "status"), [("InternalException", 500), ("InternalFailure", 400), ("503", 503), ("404", 404), ("302", 302)]
)
def test_what_is_the_fault_of_aws_or_of_something_before_it_comes_again(code: str, status: int) -> None:
    verdict = of_call(answered(code, status))

    assert isinstance(verdict, Retry)
    assert (code, None) == (verdict.status, verdict.after)


@pytest.mark.parametrize(
    "code",
    [
        "AccessDeniedException",
        "ExpiredTokenException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "ResourceNotFoundException",
        "InvalidStateException",
    ],
)
def test_credentials_permissions_and_a_bus_that_is_not_there_are_no_fault_of_an_event(code: str) -> None:
    verdict = of_call(answered(code))

    assert isinstance(verdict, Unavailable)
    assert (code, f"{code}: why") == (verdict.status, verdict.reason)


@pytest.mark.parametrize(
    ("code", "status"), [("ValidationException", 400), ("413", 413), ("InvalidInputException", 400)]
)
def test_every_other_refusal_is_final(code: str, status: int) -> None:
    assert isinstance(of_call(answered(code, status)), Reject)


@pytest.mark.parametrize(
    "error",
    [
        exceptions.EndpointConnectionError(endpoint_url=URL),
        exceptions.ConnectTimeoutError(endpoint_url=URL),
        exceptions.SSLError(endpoint_url=URL, error="self-signed"),
        exceptions.ProxyConnectionError(proxy_url=URL),
        exceptions.NoCredentialsError(),
        exceptions.CredentialRetrievalError(provider="role", error_msg="no answer"),
    ],
)
def test_nobody_to_talk_to_and_nobody_to_be_is_an_outage(error: Exception) -> None:
    assert isinstance(of_call(error), Unavailable)


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ReadTimeoutError(endpoint_url=URL),
        exceptions.ConnectionClosedError(endpoint_url=URL),
        exceptions.HTTPClientError(error="reset"),
        ResponseParserError("no CBOR"),
    ],
)
def test_silence_after_the_request_was_sent_is_a_retry(error: Exception) -> None:
    assert isinstance(of_call(error), Retry)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("InternalFailure", Retry),
        ("InternalException", Retry),
        ("ThrottlingException", Retry),
        ("AccessDeniedException", Reject),
        ("InvalidAccountIdException", Reject),
        ("InvalidArgument", Reject),
        ("MalformedDetail", Reject),
        ("RedactionFailure", Reject),
        ("NotAuthorizedForSourceException", Reject),
        ("NotAuthorizedForDetailTypeException", Reject),
        ("SomethingNew", Reject),
    ],
)
def test_a_failed_entry_is_judged_by_its_code(code: str, verdict: type[Exception]) -> None:
    outcome = of_entry({"ErrorCode": code, "ErrorMessage": "why"})

    assert outcome is not None
    assert (verdict, code, f"{code}: why") == (type(outcome), outcome.status, outcome.reason)


def test_a_throttled_entry_comes_again_after_a_second() -> None:
    outcome = of_entry({"ErrorCode": "ThrottlingException", "ErrorMessage": "why"})

    assert isinstance(outcome, Retry)
    assert PAUSE == outcome.after


@pytest.mark.parametrize("result", [{"EventId": "e"}, {"EventId": "e", "SuccessCode": "DEDUPLICATED"}])
def test_an_entry_with_an_id_is_on_the_bus(result: dict[str, Any]) -> None:
    assert None is of_entry(result)


@pytest.mark.parametrize("result", [None, {}, {"EventId": ""}])
def test_an_entry_without_a_word_is_not_taken_for_accepted(result: dict[str, Any] | None) -> None:
    assert isinstance(of_entry(result), Retry)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (answered("ResourceNotFoundException"), Refused),
        (answered("UnrecognizedClientException"), Refused),
        (answered("ValidationException"), Refused),
        (exceptions.NoCredentialsError(), Refused),
        (answered("ThrottlingException"), Unavailable),
        (answered("503", 503), Unavailable),
        (exceptions.EndpointConnectionError(endpoint_url=URL), Unavailable),
        (exceptions.ReadTimeoutError(endpoint_url=URL), Unavailable),
        (exceptions.CredentialRetrievalError(provider="role", error_msg="no answer"), Unavailable),
    ],
)
def test_at_the_start_what_only_a_person_can_mend_is_refused(error: Exception, expected: type[Exception]) -> None:
    assert isinstance(of_opening(error), expected)


def test_words_of_aws_are_cut() -> None:
    outcome = of_entry({"ErrorCode": "MalformedDetail", "ErrorMessage": "w" * 5000})

    assert outcome is not None
    assert len(outcome.reason) < 400
