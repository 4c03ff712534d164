from __future__ import annotations

import pytest

from sinks.knative.trace import context

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"traceparent": PARENT}, {"traceparent": PARENT}),
        ({"traceparent": PARENT, "tracestate": "a=1"}, {"traceparent": PARENT, "tracestate": "a=1"}),
        ({"traceparent": PARENT, "tracestate": "é"}, {"traceparent": PARENT}),
        ({"traceparent": PARENT, "tracestate": "a" * 513}, {"traceparent": PARENT}),
        ({"traceparent": PARENT, "tracestate": 1}, {"traceparent": PARENT}),
        ({"tracestate": "a=1"}, {}),
        ({"traceparent": f"ff{PARENT[2:]}"}, {}),
        ({"traceparent": PARENT.upper()}, {}),
        ({"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01"}, {}),
        ({"traceparent": f"{PARENT}\r\nx: y"}, {}),
    ],
)
def test_only_what_is_well_formed_goes_on(fields: dict[str, str], expected: dict[str, str]) -> None:
    assert expected == context(fields)
