from __future__ import annotations

import pytest

from schemas.cloudevents.mediatype import check_event_format, is_envelope, is_json, is_utf8
from schemas.errors import InvalidEvent


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", True),
        ("text/json", True),
        ("APPLICATION/JSON ; charset=utf-8", True),
        ("application/vnd.vmware+json", True),
        ("application/jsonl", False),
        ("application/xml", False),
        ("json/xml", False),
        ("text/plain; x=a/json", False),
    ],
)
def test_json_is_declared_by_the_subtype(content_type: str, expected: bool) -> None:  # noqa: FBT001
    assert expected is is_json(content_type)


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/plain", True),
        ("text/plain; charset=UTF-8", True),
        ('text/plain; a=b;charset="utf-8"', True),
        ("text/plain; charset=us-ascii", True),
        ("text/plain; charset=iso-8859-1", False),
        ("text/plain; Charset=utf-16", False),
    ],
)
def test_text_is_utf8_unless_another_charset_is_declared(content_type: str, expected: bool) -> None:  # noqa: FBT001
    assert expected is is_utf8(content_type)


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/cloudevents+json", True),
        ("Application/CloudEvents+JSON; charset=UTF-8", True),
        ("application/cloudevents-batch+json", True),
        ("application/cloudevents", True),
        ("application/json", False),
        ("text/plain; x=application/cloudevents+json", False),
    ],
)
def test_a_message_is_an_envelope_by_the_prefix_of_its_type(content_type: str, expected: bool) -> None:  # noqa: FBT001
    assert expected is is_envelope(content_type)


@pytest.mark.parametrize(
    "content_type", ["application/cloudevents+json", "application/CloudEvents+json ; charset=utf-8"]
)
def test_the_json_format_is_supported(content_type: str) -> None:
    check_event_format(content_type)


@pytest.mark.parametrize(
    ("content_type", "reason"),
    [
        ("application/cloudevents-batch+json", "is a batch (send one event per message)"),
        ("application/cloudevents-batch", "is a batch (send one event per message)"),
        ("application/cloudevents+avro; x=y", "is not a supported event format (send application/cloudevents+json)"),
        ("application/cloudevents", "is not a supported event format (send application/cloudevents+json)"),
    ],
)
def test_other_formats_are_refused_with_what_to_send(content_type: str, reason: str) -> None:
    with pytest.raises(InvalidEvent) as caught:
        check_event_format(content_type)

    assert f"content-type: {content_type.partition(';')[0]!r} {reason}" == str(caught.value)
