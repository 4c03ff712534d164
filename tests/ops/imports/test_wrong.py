"""Files that their own router would not have taken: every fault with its line, and nothing but faults."""

# ruff: noqa: E501 - one case, one line
from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ops.imports.original import Original
from schemas.errors import ConfigError
from tests.ops.imports import samples

if TYPE_CHECKING:
    from collections.abc import Iterator

STREAM = '{"type": "stream", "provider": "vmware_vcenter", "address": "https://v", "auth": {"method": "user_password", "secret": {"username": "u"}}}'
FAAS = '{"type": "processor", "provider": "openfaas", "address": "http://g", "auth": {"method": "basic_auth", "secret": {"username": "u"}}}'
ROUTER = (samples.FOLDER / "router-openfaas.yaml").read_text()
TRIGGER = (samples.FOLDER / "trigger-v07.yaml").read_text().split("---\n")[1]
FILTERED = TRIGGER.split("  filter:")[0] + "  filters: [%s]\n  subscriber: {uri: 'http://x'}\n"
DELIVERED = TRIGGER + "  delivery: {%s}\n"


@pytest.mark.parametrize(
    ("kind", "text", "line", "where", "what"),
    [
        ("array", "a: 1", 1, "", "is not a list"),
        ("array", f"[{STREAM},\n5,\n{FAAS}]", 2, "[1]", "is not an object"),
        ("array", f'[{STREAM},\n{{"type": []}},\n{FAAS}]', 2, "[1].type", "is no type of entry"),
        ("array", f"[{STREAM}]", 1, "", "has no entry of type processor"),
        ("array", f"[\n{FAAS}]", 1, "", "has no entry of type stream"),
        ("array", f"[{STREAM},\n{FAAS.replace('openfaas', 'knative')}]", 2, "[1].provider", "is no provider"),
        ("array", f"[{STREAM},\n{FAAS.replace('basic_auth', 'none')}]", 2, "[1].auth.method", "is not the one it needs"),
        ("array", f"[{STREAM},\n{FAAS.replace('username', 'name')}]", 2, "[1].auth.secret.username", "is missing, or no"),
        ("array", f"[{STREAM},\n{FAAS.replace('http://g', 'ftp://g')}]", 2, "[1].address", "is not an http or https URL"),
        ("array", f"[{FAAS},\n{STREAM.replace('https://v', 'https://u:p@v')}]", 2, "[1].address", "holds credentials"),
        ("router", ROUTER.replace("insecureSSL", "insecureSsl"), 12, "eventProvider.vcenter.insecureSsl", "is not a known key"),
        ("router", ROUTER.replace("    async: true", "    async: true\n    async: false"), 26, "eventProcessor.openfaas.async", "stands here a second time"),
        ("router", ROUTER.replace("async: true", "async: maybe"), 25, "eventProcessor.openfaas.async", "is neither true nor false"),
        ("router", ROUTER.replace("type: vcenter", "type: vcentre"), 8, "eventProvider.type", "'vcentre' is not one of the choices"),
        ("router", ROUTER.replace("type: vcenter", "type: webhook"), 7, "eventProvider.webhook", "is missing"),
        ("router", ROUTER.replace("type: openfaas", "type: knative"), 20, "eventProcessor.knative", "is missing"),
        ("router", ROUTER.replace("https://vc1.example.org/sdk", "'https://vc1 .example/sdk'"), 11, "eventProvider.vcenter.address", "is not an http or https URL"),
        ("router", ROUTER + "extra: 1\n", 38, "extra", "is not a known key"),
        ("router", "a: 1", 1, "a", "is not a known key"),
        ("trigger", "- a\n", 1, "", "is no object of Kubernetes"),
        ("trigger", "kind: Service\nmetadata: {name: x}\n", 1, "", "holds no Trigger"),
        ("trigger", TRIGGER.replace("subscriber", "subscribers"), 12, "spec.subscribers", "is not a known key"),
        ("trigger", TRIGGER.replace("spec:", "spec:\n  filtres: []"), 7, "spec.filtres", "is not a known key"),
        ("trigger", TRIGGER + "---\n" + TRIGGER, 18, "metadata.name", "is the name of two triggers"),
        ("trigger", TRIGGER.replace("com.vmware.event.router/event", "5"), 10, "spec.filter.attributes.type", "is not text"),
        ("trigger", FILTERED % "{exact: {a: b}, suffix: {a: b}}", 8, "spec.filters[0]", "has several dialects: exact, suffix"),
        ("trigger", FILTERED % "{}", 8, "spec.filters[0]", "has no dialect"),
        ("trigger", FILTERED % "{exact: {a: ''}}", 8, "spec.filters[0].exact", "names no attribute, or no value"),
        ("trigger", FILTERED % "{exact: {A: b}}", 8, "spec.filters[0].exact", "'A' is not the name of an attribute"),
        ("trigger", FILTERED % "{any: []}", 8, "spec.filters[0].any", "is empty"),
        ("trigger", FILTERED % "{not: {exakt: {a: b}}}", 8, "spec.filters[0].not.exakt", "is not a known key"),
        ("trigger", DELIVERED % "backoffDelay: 5s", 14, "spec.delivery.backoffDelay", "is not a duration of ISO 8601"),
        ("trigger", DELIVERED % "retry: -1", 14, "spec.delivery.retry", "is too small"),
        ("trigger", DELIVERED % "backoffPolicy: cubic", 14, "spec.delivery.backoffPolicy", "'cubic' is not one of the choices"),
        ("trigger", TRIGGER.split("  subscriber:")[0] + "  subscriber: {}\n", 12, "spec.subscriber", "needs ref or uri"),
        ("trigger", TRIGGER.split("  subscriber:")[0] + "  subscriber: {uri: /x}\n", 12, "spec.subscriber.uri", "is not an http or https URL"),
        ("stack", "a: 1", 1, "", "holds no functions"),
        ("stack", "functions: {f: 5}", 1, "functions.f", "is not a mapping of keys to values"),
        ("stack", "functions:\n  f:\n    annotations: {topic: ' , '}", 3, "functions.f.annotations.topic", "names no topic"),
        ("stack", "functions:\n  f:\n    annotations: {topic: [a]}", 3, "functions.f.annotations.topic", "names no topic"),
        ("stack", "provider: {gateway: 'ftp://x'}\nfunctions: {}", 1, "provider.gateway", "is not an http or https URL"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_line_place_and_cure(kind: str, text: str, line: int, where: str, what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        samples.CONVERTERS[kind](Original.of(text, "f"))
    found = [(problem.line, problem.where) for problem in raised.value.problems if problem.what.startswith(what)]
    assert [(line, where)] == found
    assert all(problem.cure for problem in raised.value.problems)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    text = ROUTER.replace("insecureSSL", "insecureSsl").replace("async: true", "asink: true").replace("kind:", "king:")
    with pytest.raises(ConfigError) as raised:
        samples.CONVERTERS["router"](Original.of(text, "f"))
    assert [(2, "king"), (12, "eventProvider.vcenter.insecureSsl"), (25, "eventProcessor.openfaas.asink")] == [
        (problem.line, problem.where) for problem in raised.value.problems
    ]


def test_no_fault_quotes_a_secret() -> None:
    text = ROUTER.replace("basicAuth:", "basicAuht:")
    with pytest.raises(ConfigError) as raised:
        samples.CONVERTERS["router"](Original.of(text, "f"))
    assert samples.SECRET not in repr(raised.value.problems)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands."""
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(inner, (*path, key))


DOCUMENTS = {
    name: list(yaml.safe_load_all((samples.FOLDER / name).read_text().replace("\t", " "))) for name in samples.NAMES
}
PLACES = [(name, path) for name, documents in DOCUMENTS.items() for path in paths(documents) if len(path) > 1]
OTHER: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 2**70, "", "x", "http://x", "${X}", [], ["x"], {}, {"x": 1}, [[]], [{}], 1.5]
)


@given(place=st.sampled_from(PLACES), value=OTHER)
def test_a_value_of_any_kind_in_any_place_is_imported_or_refused_and_nothing_else(place: Any, value: Any) -> None:
    name, path = place
    documents = copy.deepcopy(DOCUMENTS[name])
    inner: Any = documents
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    try:
        made = samples.CONVERTERS[samples.kind(name)](Original.of(yaml.safe_dump_all(documents), "f"))
    except ConfigError as error:
        refused = [problem for problem in error.problems if not problem.what or not problem.cure]
        assert [] == refused
    else:
        assert made.text().startswith("# Made by")
