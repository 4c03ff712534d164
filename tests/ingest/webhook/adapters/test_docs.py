"""docs/webhook-adapters.md keeps its word."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ingest.webhook.adapters import harbor
from ingest.webhook.request import Request
from schemas.config.webhook.generic import EventConfig
from tests.docs import pages
from tests.support.adapters import FOLDER, request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.webhook.adapter import Adapter
    from schemas.cloudevents import CloudEvent

PAGE = pages.ROOT / "docs" / "webhook-adapters.md"
SECTIONS = dict(re.findall(r"^## ([\w-]+)\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL))
ENDPOINTS: dict[str, dict[str, Any]] = {
    name: endpoint
    for block in pages.blocks("yaml", PAGE)
    for name, endpoint in yaml.safe_load(block.text)["webhook"]["endpoints"].items()
}
MODULES = sorted(
    path.stem
    for path in (pages.ROOT / "ingest" / "webhook" / "adapters").glob("*.py")
    if path.stem not in {"__init__", "cloudevents", "event_router", "log_alert", "slack"}  # those have other pages
)
CURLS = re.findall(r"^curl .*(?:\n .*)*", PAGE.read_text(), re.MULTILINE)


def adapter(endpoint: dict[str, Any]) -> Adapter:
    module = import_module(f"ingest.webhook.adapters.{endpoint['type'].replace('-', '_')}")
    found: Adapter = module.ADAPTER if "event" not in endpoint else module.adapter(EventConfig(**endpoint["event"]))
    return found


def events(example: str) -> Sequence[CloudEvent]:
    """What an example of the page becomes, when its endpoint takes it."""
    words = shlex.split(example.replace("\\\n", ""))
    url = next(word for word in words if word.startswith("http://")).removeprefix("http://127.0.0.1:8080")
    options = list(pairwise(words))
    headers = tuple(_header(value) for option, value in options if option == "-H")
    method = next((value for option, value in options if option == "-X"), "POST")
    body = next(value for option, value in options if option == "--data-binary").encode()
    name, tail = _endpoint(url)
    taken = adapter(ENDPOINTS[name])
    assert method in taken.methods
    assert taken.tails or not tail
    assert dict(headers)["Content-Type"] in taken.media_types
    return taken.adapt(Request(method, tail, headers, body, name))


def _endpoint(url: str) -> tuple[str, str]:
    """The endpoint whose path this is, and what follows it."""
    paths = {name: endpoint.get("path", f"/{name}") for name, endpoint in ENDPOINTS.items()}
    (found,) = ((name, url[len(path) + 1 :]) for name, path in paths.items() if f"{url}/".startswith(f"{path}/"))
    return found


def _header(text: str) -> tuple[str, str]:
    name, _, value = text.partition(": ")
    return name, value


@pytest.mark.parametrize("example", CURLS, ids=range(len(CURLS)))
def test_every_curl_example_is_an_event_of_a_type_that_its_section_names(example: str) -> None:
    section = next(text for text in SECTIONS.values() if example in text)
    types = [event.type for event in events(example)]

    assert types
    assert [] == [type_ for type_ in types if type_ not in section]


@pytest.mark.parametrize("module", MODULES)
def test_every_adapter_has_a_section_a_line_an_endpoint_and_an_example(module: str) -> None:
    name = module.replace("_", "-")

    assert f"| [`{name}`](#{name}) |" in PAGE.read_text()
    assert name in {endpoint["type"] for endpoint in ENDPOINTS.values()}
    assert "curl -i " in SECTIONS[name]


@pytest.mark.parametrize("module", [module for module in MODULES if module not in {"generic", "github"}])
def test_the_types_of_every_recorded_request_are_named(module: str) -> None:
    name = module.replace("_", "-")
    types = {
        event.type.removeprefix("com.reflexarc.harbor.").removesuffix(".v0") if name == "harbor" else event.type
        for path in sorted((FOLDER / name).glob("*.json"))
        for event in adapter({"type": name}).adapt(request(path.read_bytes()))
    }

    assert types
    assert set() == {type_ for type_ in types if f"`{type_}`" not in SECTIONS[name]}


def test_every_kind_of_notification_of_harbor_is_named() -> None:
    assert [] == [what for what in harbor.KINDS.values() if f"`{what}`" not in SECTIONS["harbor"]]


@pytest.mark.parametrize("name", ["aria-logs", "aria-operations"])
def test_the_shipped_template_is_the_one_that_is_shown(name: str) -> None:
    (shown,) = re.findall(r"^```json\n(.*?)^```", SECTIONS[name], re.MULTILINE | re.DOTALL)

    assert (pages.ROOT / "deploy" / "webhook" / f"{name}.json").read_text() == shown


def test_the_mapping_of_the_log_alert_makes_the_event_that_the_page_promises() -> None:
    (event,) = events(next(example for example in CURLS if "/alerts/seed" in example))

    assert ("01J53E4ZH23037GH75R", "com.reflexarc.log.alert.v0") == (event.id, event.type)
    assert ("notifications", "2024-08-12T13:58:44.587000Z") == (event.subject, event.time)
    assert {"partitionkey": "test01"} == event.extensions


def test_every_setting_of_the_generic_adapter_is_described() -> None:
    assert set(EventConfig.keys()) == set(re.findall(r"^\| `(\w+)` \| ", SECTIONS["generic"], re.MULTILINE))
