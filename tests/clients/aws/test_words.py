from __future__ import annotations

import string

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError, ProxyConnectionError
from hypothesis import given
from hypothesis import strategies as st

from clients.aws.words import LONGEST, UNKNOWN, code, scrubbed, words

KEY = "ASIAIOSFODNN7EXAMPLE"
SIGNATURE = "0123456789abcdef" * 4
TOKEN = "IQoJb3JpZ2luX2VjEJr//////////wEaDGV1LWNlbnRyYWwtMSJHMEUCIQ+" * 6 + "=="
CANONICAL = f"""The request signature we calculated does not match the signature you provided. Check your key.

The Canonical String for this request should have been
'POST
/

host:events.eu-central-1.amazonaws.com
x-amz-security-token:{TOKEN}

host;x-amz-security-token
{SIGNATURE}'

The String-to-Sign should have been
'AWS4-HMAC-SHA256
{SIGNATURE}'"""
AUTHORIZATION = f"AWS4-HMAC-SHA256 Credential={KEY}/20261129/eu-central-1/events/aws4_request, Signature={SIGNATURE}"


def answered(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "PutEvents")


@pytest.mark.parametrize(
    "text",
    [
        CANONICAL,
        " ".join(CANONICAL.split()),
        CANONICAL.replace("\n", "\\n"),
        f"'{KEY}' not a valid key=value pair (missing equal-sign) in Authorization header: '{AUTHORIZATION}'.",
        f"Authorization={AUTHORIZATION}",
        f"Authorization: Bearer {TOKEN[:40]}",
        f"The security token {TOKEN} is void",
        f"{{'X-Amz-Security-Token': '{TOKEN[:50]}', 'X-Amz-Signature': '{SIGNATURE[:30]}', 'access_key': '{KEY}'}}",
        f"https://bucket.example/?X-Amz-Credential={KEY}%2F20261129&X-Amz-Signature={SIGNATURE}",
        f"the key is {KEY}, the signature {SIGNATURE}",
    ],
)
def test_no_word_of_aws_holds_a_key_a_token_or_a_signature(text: str) -> None:
    said = words(answered("SignatureDoesNotMatch", text))

    assert said.startswith("SignatureDoesNotMatch: ")
    assert [] == [secret for secret in (KEY, TOKEN[:40], SIGNATURE[:30]) if secret in said]


@given(
    before=st.text(max_size=50),
    after=st.text(max_size=50),
    token=st.text(string.ascii_letters + string.digits + "+/=%", min_size=100, max_size=2_000),
)
def test_a_token_is_blanked_wherever_it_stands(before: str, token: str, after: str) -> None:
    assert token not in scrubbed(f"{before} {token} {after}")


@pytest.mark.parametrize(
    "text",
    [
        "Signature expired: 20261129T010000Z is now earlier than 20261129T011500Z (20261129T012000Z - 5 min.)",
        "arn:aws:sts::123456789012:assumed-role/DatacenterEventsPublisherRole1/i-0123456789abcdef0 is not authorized",
        "The security token included in the request is expired",
        "Event bus datacenter does not exist.",
    ],
)
def test_what_tells_an_operator_the_reason_is_left(text: str) -> None:
    assert text == scrubbed(text)


def test_what_botocore_says_itself_is_treated_alike() -> None:
    said = [
        words(EndpointConnectionError(endpoint_url="https://user:pass-word@events.example/")),
        words(ProxyConnectionError(proxy_url="http://user:pass-word@proxy.example/")),
        words(ParamValidationError(report="Missing required parameter: Source")),
    ]

    assert [] == [text for text in said if "pass-word" in text]
    assert "Parameter validation failed: Missing required parameter: Source" == said[-1]


def test_an_answer_without_words_is_named_by_what_was_asked() -> None:
    assert "0: PutEvents failed" == words(ClientError({}, "PutEvents"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [("Throttling", "Throttling"), ("502", "502"), (None, UNKNOWN), ("", UNKNOWN), ("a b", UNKNOWN), ("x" * 65, "0")],
)
def test_a_code_is_a_name_or_no_code(given: object, expected: str) -> None:
    assert expected == code(given)


@given(st.text())
def test_words_are_one_bounded_line(text: str) -> None:
    said = scrubbed(text * 50)

    assert len(said) <= LONGEST
    assert len(said.splitlines()) <= 1
