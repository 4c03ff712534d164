from __future__ import annotations

import pytest

from schemas.cloudevents import CloudEvent
from schemas.templates.fuel import Fuel
from schemas.templates.inputs import Inputs
from schemas.templates.template import Flawed, Template
from schemas.templates.unfit import Unfit


def event(data: bytes | None, datacontenttype: str | None = "application/json") -> CloudEvent:
    return CloudEvent(id="1", source="/s", type="t", extensions={"n": 7}, data=data, datacontenttype=datacontenttype)


def render(source: str, given: CloudEvent) -> str:
    return Template(source).render(*Inputs.of(given), Fuel())


def test_attributes_are_read_as_texts_and_data_as_json() -> None:
    assert "1.0 7 b" == render(
        "{{ event.specversion }} {{ event.n }} {{ data.a.first }}", event(b'{"a":{"first":"b"}}')
    )


@pytest.mark.parametrize(
    ("data", "datacontenttype"), [(None, None), (b"{", "application/json"), (b"{}", "text/plain"), (b"{}", None)]
)
def test_data_that_are_no_json_say_so_when_they_are_read(data: bytes | None, datacontenttype: str | None) -> None:
    given = event(data, datacontenttype)

    with pytest.raises(Unfit, match="the event has no JSON data"):
        render("{{ data.a }}", given)
    assert "none" == render("{{ data.a | default('none') }}", given)


def test_a_secret_is_read_only_by_a_template_that_may() -> None:
    template = Template("key {{ secret }}", secret=True)

    assert "key s3cret" == template.render(*Inputs.of(event(b"{}")), Fuel(), "s3cret")
    with pytest.raises(Flawed, match="reads secret, which is not there"):
        Template("key {{ secret }}")
    with pytest.raises(Flawed, match="sets something else"):
        Template("{% set secret = 1 %}", secret=True)
