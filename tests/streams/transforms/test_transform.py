from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent, kafka
from schemas.config import TransformConfig
from schemas.errors import Reject
from streams.filters import Compilation, View
from streams.transforms import Transform, compile_transform

DATA = {"Key": 28, "Vm": {"Name": "web-1", "Vm": {"Value": "vm-55"}}, "Host": None, "UserName": "alice"}
EVENT = CloudEvent(
    id="vc1/i1/28",
    source="https://vc1.example/sdk",
    type="com.vmware.vsphere.VmPoweredOffEvent.v0",
    subject="VmPoweredOffEvent",
    time="2026-11-20T09:36:17.913365487Z",
    datacontenttype="application/json",
    extensions={"vcenter": "vc1", "eventclass": "event", "partitionkey": "vc1/vm-55"},
    data=orjson.dumps(DATA),
)


def transform(**keys: Any) -> Transform:
    compilation = Compilation()
    compiled = compile_transform(TransformConfig.model_validate(keys), compilation)
    assert [] == compilation.found
    assert compiled is not None
    return compiled


def apply(event: CloudEvent = EVENT, /, *, structured: bool = False, **keys: Any) -> CloudEvent:
    """The event after a transform, by way of its record; the view's data must not change."""
    headers, value = (kafka.to_structured if structured else kafka.to_binary)(event)
    view = View.of_record(headers, value)
    before = repr(view.data)
    new_headers, new_value = transform(**keys).apply(view, headers, value)
    assert before == repr(view.data)
    return kafka.from_message(new_headers, new_value)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"pick": ["Vm.Name", "Key"]}, {"Vm": {"Name": "web-1"}, "Key": 28}),
        ({"pick": ["Vm.Name", "Ds.Name?"]}, {"Vm": {"Name": "web-1"}}),
        ({"pick": ["Host"]}, {"Host": None}),
        ({"pick": ["Key"], "rename": {"Key": "event.key"}}, {"event": {"key": 28}}),
        (
            {"pick": ["Key", "UserName"], "rename": {"Key": "UserName", "UserName": "Key"}},
            {"UserName": 28, "Key": "alice"},
        ),
        ({"pick": ["Key"], "rename": {"Nope?": "x"}}, {"Key": 28}),
        ({"pick": ["Key"], "constant": {"a.b": [1, {"c": None}]}}, {"Key": 28, "a": {"b": [1, {"c": None}]}}),
        ({"pick": ["Host"], "constant": {"Host.Name": "none"}}, {"Host": {"Name": "none"}}),
        (
            {"pick": ["Key"], "template": {"Title": "{{ data.Vm.Name }} by {{ data.UserName }}"}},
            {"Key": 28, "Title": "web-1 by alice"},
        ),
        (
            {"data": '{"vm": {{ data.Vm.Name }}, "who": {{ event.vcenter }}, "raw": {{ data.Vm.Vm }}}'},
            {"vm": "web-1", "who": "vc1", "raw": {"Value": "vm-55"}},
        ),
    ],
)
@pytest.mark.parametrize("structured", [False, True])
def test_steps_reshape_the_data_and_leave_every_attribute(
    keys: dict[str, Any], expected: object, *, structured: bool
) -> None:
    result = apply(structured=structured, **keys)
    assert expected == orjson.loads(result.data)
    assert EVENT.attributes() == result.attributes()


def test_attributes_get_texts_and_go_and_the_data_stays_byte_for_byte() -> None:
    given = CloudEvent(**{**_fields(EVENT), "data": b'{ "Key" : 28.0 }'})
    result = apply(
        given, attributes={"subject": "vm.{{ data.Key }}", "severity": "{{ event.eventclass }}", "time": None}
    )
    assert (b'{ "Key" : 28.0 }', "vm.28.0", None, "event") == (
        result.data,
        result.subject,
        result.time,
        result.extensions["severity"],
    )
    assert (EVENT.id, EVENT.source, EVENT.extensions["partitionkey"]) == (
        result.id,
        result.source,
        result.extensions["partitionkey"],
    )


def test_headers_that_are_no_attributes_stay_and_so_do_their_order_and_repetitions() -> None:
    headers, value = kafka.to_binary(EVENT)
    more = [("x", b"1"), ("reflexarc_origin", b"0/1"), ("x", None)]
    view = View.of_record(headers, value)
    result, _ = transform(pick=["Key"]).apply(view, [*more[:1], *headers, *more[1:]], value)
    assert more == [(name, raw) for name, raw in result if not name.startswith("ce_") and name != "content-type"]


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"pick": ["Vm.Nam"]}, "transform.pick: the data has no Vm.Nam; an event that may lack it needs Vm.Nam?"),
        ({"rename": {"Nope": "x"}}, "transform.rename: the data has no Nope"),
        ({"constant": {"Key.a": 1}}, "transform.constant.Key.a: Key is a number"),
        ({"template": {"T": "{{ data.Nope }}"}}, "transform.template.T: reads what this event does not have"),
        ({"data": "{{ data.Key }} {{ data.Key }}"}, "transform.data: gives no JSON"),
        ({"attributes": {"subject": "{{ '' }}"}}, "transform.attributes.subject: is empty"),
        ({"attributes": {"subject": "a\x07"}}, "transform.attributes: subject: no attribute may hold U+0007"),
        ({"attributes": {"time": "yesterday"}}, "transform.attributes: time: 'yesterday' is not an RFC 3339"),
        ({"attributes": {"datacontenttype": "application/cloudevents+json"}}, "transform.attributes: datacontenttype"),
        ({"attributes": {"dataschema": "no uri"}}, "transform.attributes: dataschema"),
    ],
)
def test_a_step_that_cannot_be_done_names_itself_the_place_and_the_reason(keys: dict[str, Any], reason: str) -> None:
    with pytest.raises(Reject, match=re.escape(reason)):
        apply(**keys)


@pytest.mark.parametrize("data", [None, b"", b"plain text", b'{"a":'])
def test_an_event_without_json_data_is_rejected_by_steps_on_data_but_may_get_data_and_attributes(data: Any) -> None:
    given = CloudEvent(**{**_fields(EVENT), "data": data, "datacontenttype": "text/plain"})
    with pytest.raises(Reject, match=r"transform.pick: the event has no JSON data"):
        apply(given, pick=["Key"])
    assert data == apply(given, attributes={"team": "a"}).data
    result = apply(given, data='{"what": {{ event.subject }}}')
    assert (b'{"what":"VmPoweredOffEvent"}', "application/json") == (result.data, result.datacontenttype)


@pytest.mark.parametrize("data", [b"[1]", b'"text"', b"7", b"null"])
def test_data_that_is_no_object_has_no_places(data: bytes) -> None:
    given = CloudEvent(**{**_fields(EVENT), "data": data})
    with pytest.raises(Reject, match=r"transform.pick: the data has no Key"):
        apply(given, pick=["Key"])


def test_an_event_that_is_wrong_before_is_rejected_as_such() -> None:
    headers = [("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"/s"), ("ce_type", b"t"), ("ce_N", b"x")]
    with pytest.raises(Reject, match="transform: the event is wrong before it: 'N': "):
        transform(attributes={"a": "b"}).apply(View.of_record(headers, None), headers, None)


def test_data_that_json_cannot_hold_any_more_is_rejected() -> None:
    given = CloudEvent(**{**_fields(EVENT), "data": b'{"a":' * 300 + b"1" + b"}" * 300})
    with pytest.raises(Reject, match=r"transform.constant.b: the data cannot be written as JSON"):
        apply(given, constant={"b": 1})


def test_transforms_are_equal_by_what_their_configurations_say() -> None:
    one, same = transform(constant={"a": 1, "b": 2}), transform(constant={"b": 2, "a": 1})
    assert (1, one) == (len({one, same}), same)
    others = {transform(constant={"a": 1, "b": True}), transform(pick=["a"]), transform(attributes={"a": None})}
    assert 4 == len({one, *others})


VALUES = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(0, 99),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["Vm", "Name", "Key"]), inner),
    max_leaves=8,
)


@given(data=VALUES)
def test_any_event_is_reshaped_or_rejected_and_nothing_else(data: Any) -> None:
    given = CloudEvent(**{**_fields(EVENT), "data": orjson.dumps(data)})
    keys = {"pick": ["Vm.Name?", "Key?"], "rename": {"Key?": "a.b"}, "template": {"T": "{{ data.Vm.Name }}"}}
    name = data["Vm"].get("Name") if isinstance(data, dict) and isinstance(data.get("Vm"), dict) else None
    if isinstance(name, str):
        assert name == orjson.loads(apply(given, **keys).data)["T"]
    elif name is None or isinstance(name, dict | list):
        with pytest.raises(Reject, match=r"^transform\.template\.T: "):
            apply(given, **keys)


def _fields(event: CloudEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__dataclass_fields__}
