"""The schema says of no event that it is none, and of what is plainly none that it is."""

from __future__ import annotations

import json as stdlib
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent, json
from schemas.cloudevents.jsonschema import EVENT
from schemas.errors import InvalidEvent
from tests.schemas.cloudevents.strategies import events

VALIDATOR = jsonschema.Draft202012Validator(EVENT)
MINIMAL = {"specversion": "1.0", "id": "1", "source": "/probe", "type": "t"}

values = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(["", "1.0", "/a", "x"])
)
documents = st.dictionaries(
    st.sampled_from(
        [*MINIMAL, "subject", "time", "datacontenttype", "dataschema", "data", "data_base64", "ext", "Ext"]
    ),
    values | st.lists(values, max_size=1),
    max_size=3,
).map(lambda drawn: MINIMAL | drawn)


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(EVENT)


@given(events())
def test_every_event_conforms(event: CloudEvent) -> None:
    VALIDATOR.validate(stdlib.loads(json.dumps(event)))


@given(documents)
def test_whatever_is_taken_for_an_event_conforms_but_for_names_of_what_is_absent(document: dict[str, Any]) -> None:
    try:
        json.loads(stdlib.dumps(document).encode())
    except InvalidEvent:
        return
    VALIDATOR.validate({name: value for name, value in document.items() if name.islower() or value is not None})


@pytest.mark.parametrize(
    "document",
    [
        [MINIMAL],
        *({name: MINIMAL[name] for name in MINIMAL if name != missing} for missing in MINIMAL),
        *(MINIMAL | {name: ""} for name in ("id", "source", "type", "subject", "time", "datacontenttype")),
        MINIMAL | {"specversion": "0.3"},
        MINIMAL | {"id": 1},
        MINIMAL | {"Ext": "x"},
        MINIMAL | {"ext": [1]},
        MINIMAL | {"ext": 2**31},
        MINIMAL | {"data_base64": 1},
    ],
)
def test_what_is_plainly_no_event_does_not_conform(document: Any) -> None:
    assert not VALIDATOR.is_valid(document)
    with pytest.raises(InvalidEvent):
        json.loads(stdlib.dumps(document).encode())
