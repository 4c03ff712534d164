"""CESQL 1.0: expressions over the attributes of a CloudEvent, such as a route's condition.

::

    from streams.filters import cesql

    critical = cesql.compile("type LIKE 'com.vmware.%' AND severitytext IN ('ERROR', 'FATAL')")
    critical.matches({"type": "com.vmware.vsphere.VmPoweredOffEvent.v0", "severitytext": "ERROR"})  # True
    cesql.evaluate("LENGTH(subject) / 0", {"subject": "test01"})  # value 0, errors: one of kind "math"

Source of the rules: https://github.com/cloudevents/spec/blob/cesql%40v1.0.0/cesql/spec.md. The language sees attributes
only, never data. docs/cesql.md has the functions, the error kinds and the limits.
"""

from __future__ import annotations

from streams.filters.cesql.errors import EvaluationError, ParseError
from streams.filters.cesql.expression import Expression, Result, compile, evaluate  # noqa: A004 - as in re.compile

__all__ = ["EvaluationError", "Expression", "ParseError", "Result", "compile", "evaluate"]
