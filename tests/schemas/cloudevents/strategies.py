"""Hypothesis strategies for valid CloudEvents."""

from __future__ import annotations

import datetime as dt
import string

from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent, Value
from schemas.cloudevents.attributes import CORE

_NONCHARACTERS = [chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF)]
_NONCHARACTERS += [chr(code) for code in range(0xFDD0, 0xFDF0)]

allowed = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=_NONCHARACTERS)
strings = st.text(allowed, max_size=20)
texts = st.text(allowed, min_size=1, max_size=20)
names = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20).filter(
    lambda name: name not in CORE and name != "data"
)
integers = st.integers(-(2**31), 2**31 - 1)
values = st.one_of(strings, integers, st.booleans(), st.binary(max_size=20))

_segments = st.lists(
    st.text(string.ascii_letters + string.digits + "-._~!$&'()*+,;=@", min_size=1, max_size=8), max_size=3
).map("/".join)
_schemes = st.sampled_from(["https://vc1.example.com/", "http://[::1]:8080/", "urn:x:", "mailto:"])
uris = st.builds(str.__add__, _schemes, _segments)
sources = st.one_of(uris, _segments.map(lambda path: f"/{path}"), st.just("1-555-123-4567"))

_zones = st.one_of(
    st.sampled_from(["Z", "z"]),
    st.builds("{}{:02}:{:02}".format, st.sampled_from("+-"), st.integers(0, 23), st.integers(0, 59)),
)
_fractions = st.one_of(st.just(""), st.text(string.digits, min_size=1, max_size=12).map(".{}".format))
_seconds = st.datetimes(min_value=dt.datetime(1000, 1, 1)).map(  # noqa: DTZ001 - the zone is drawn apart
    lambda moment: moment.isoformat(timespec="seconds")
)
times = st.builds("{}{}{}".format, _seconds, _fractions, _zones)

json_types = st.sampled_from(
    ["application/json", "text/json", "application/vnd.x+json", "APPLICATION/JSON; charset=UTF-8"]
)
other_types = st.sampled_from(["text/plain", "application/xml", 'multipart/mixed; boundary="a b"', "image/png"])


@st.composite
def events(draw: st.DrawFn, *, extension_values: st.SearchStrategy[Value] = values) -> CloudEvent:
    """Any valid event whose data is not itself declared as a CloudEvent."""
    return CloudEvent(
        id=draw(texts),
        source=draw(sources),
        type=draw(texts),
        subject=draw(st.none() | texts),
        time=draw(st.none() | times),
        datacontenttype=draw(st.one_of(st.none(), json_types, other_types)),
        dataschema=draw(st.none() | uris),
        extensions=draw(st.dictionaries(names, extension_values, max_size=4)),
        data=draw(st.one_of(st.none(), st.binary(max_size=40), st.sampled_from([b'{"a": 1.0}', b'"text"', b"null"]))),
    )
