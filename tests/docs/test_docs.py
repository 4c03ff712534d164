"""The documentation keeps its word."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import typer
import yaml

from schemas import topics
from schemas.config import load
from sinks.registry import SINKS, model
from sinks.vsphere.actions import ACTIONS
from tests.docs import blocks, commandline, metrics, pages
from tests.e2e.mutants import MUTANTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import Config

README = pages.ROOT / "README.md"
DOCS = pages.ROOT / "docs"
SINKS_PAGE, DESIGN = DOCS / "sinks.md", DOCS / "design.md"
WITH_EXAMPLES = (
    "sinks",
    "raw",
    "vro",
    "vcenter",
    "webhook",
    "webhook-adapters",
    "webhook-slack",
    "inventory",
    "analytics",
    "self-service",
)
EXAMPLES = [
    block
    for block in pages.blocks("yaml", *(DOCS / f"{page}.md" for page in WITH_EXAMPLES))
    if isinstance(yaml.safe_load(block.text), dict)
]
COMMANDS = list(pages.commands())
INDEX_VARIABLES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "GOPROXY")


@pytest.fixture
def example(tmp_path: Path) -> Callable[[str], Config]:
    """Validates an example as a file of its own, whose secrets and certificates exist."""

    def validate(text: str) -> Config:
        given = yaml.safe_load(text)
        for key, value in re.findall(r"(\w+)_file: ([\w.-]+)", text):
            content = (
                "https://example.org/hunter2-of-the-example"
                if key == "secret_url"
                else "hunter2-of-the-example-long-enough-for-a-key"
            )
            (tmp_path / value).write_text(content)
        path = tmp_path / "reflexarc.yaml"
        path.write_text(yaml.safe_dump({"kafka": {"bootstrap": "localhost:9092"}, **given}))
        return load(path, sink_models=model, sink_types=tuple(SINKS))

    return validate


@pytest.mark.parametrize(("document", "name"), blocks.BLOCKS, ids=str)
def test_a_generated_block_is_current(document: str, name: str) -> None:
    assert blocks.made(document, name) == blocks.written(document, name), "run python -m tests.docs.blocks"


@pytest.mark.parametrize("block", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_of_the_configuration_is_right(block: pages.Block, example: Callable[[str], Config]) -> None:
    assert set(yaml.safe_load(block.text)) <= set(example(block.text).model_fields_set)


def test_the_first_steps_of_the_readme_write_a_right_configuration(example: Callable[[str], Config]) -> None:
    (written,) = re.findall(r"^cat >> reflexarc.yaml <<'END'\n(.*?)^END$", README.read_text(), re.MULTILINE | re.DOTALL)
    assert {"audit": "http"} == {name: sink.type for name, sink in example(written).sinks.items()}


@pytest.mark.parametrize("kind", SINKS)
def test_every_type_of_sink_has_a_section_an_example_and_a_line_in_the_readme(kind: str) -> None:
    shown = {
        sink["type"]
        for block in pages.blocks("yaml", SINKS_PAGE)
        for sink in yaml.safe_load(block.text)["sinks"].values()
    }
    assert kind in shown
    assert f"\n## {kind}\n" in SINKS_PAGE.read_text()
    assert f"| `{kind}` |" in README.read_text()


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_on_a_machine_is_described(action: str) -> None:
    assert f"| `{action}` |" in SINKS_PAGE.read_text()


@pytest.mark.parametrize(
    "topic",
    [
        topics.events("reflexarc"),
        topics.sink("reflexarc", "<name>"),
        topics.throttle("reflexarc", "<route>"),
        topics.throttle_marks("reflexarc"),
        topics.dead_letter("reflexarc", "<name>"),
        topics.dead_letter("reflexarc", topics.UNDECODABLE),
        topics.dead_letter("reflexarc", topics.UNROUTABLE),
        topics.checkpoints("reflexarc"),
        topics.assignments("reflexarc"),
        topics.commands("reflexarc"),
        topics.audit("reflexarc"),
        topics.inventory("reflexarc"),
        topics.control("reflexarc"),
        topics.analytics("reflexarc"),
        topics.counts("reflexarc"),
        topics.open_counts("reflexarc"),
    ],
)
def test_the_design_says_of_every_topic_that_it_is_there_today(topic: str) -> None:
    assert f"| `{topic}` | yes |" in DESIGN.read_text()


def test_the_design_calls_no_other_topic_there_today() -> None:
    assert 21 == len(re.findall(r"^\| `reflexarc\.[^|]+\| yes \|", DESIGN.read_text(), re.MULTILINE))


def test_the_design_names_every_group_and_transactional_id() -> None:
    names = {
        topics.group("<prefix>", role)
        for role in (topics.INGEST_VCENTER, topics.ROUTER, topics.THROTTLE, topics.DELIVER, topics.ANALYTICS)
    }
    names |= {topics.group("<prefix>", role) for role in (topics.DECIDE, topics.EXECUTE)}
    names.add(topics.transactional_id("<prefix>", topics.INGEST_VCENTER))
    assert set() == {name for name in names if f"`{name}`" not in DESIGN.read_text()}


def test_every_file_that_the_design_maps_exists() -> None:
    rows = re.findall(r"^\| `(\w+/(?:\w+/)?)` \| (.+) \|$", DESIGN.read_text().split("**File map**")[1], re.MULTILINE)
    named = {(folder, file) for folder, files in rows for file in re.findall(r"`(\w+(?:\.py|/))`", files)}
    assert len(named) > 50
    found = {(folder, file) for folder, file in named if list((pages.ROOT / folder).rglob(file.rstrip("/")))}
    assert set() == named - found


def test_every_metric_that_a_page_mentions_is_exported() -> None:
    known = {metric.name for metric, _ in metrics.exported()}
    mentioned = {
        word for page in pages.PAGES for word in re.findall(r"\breflexarc_\w+_(?:total|seconds)\b", page.read_text())
    }
    assert set() == {word for word in mentioned if word.removesuffix("_total") not in known}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_mutation_of_the_fault_tests_is_explained(mutant: str) -> None:
    assert f"| `{mutant}` |" in (DOCS / "transport.md").read_text()


def test_every_part_of_the_transport_is_described() -> None:
    parts = {path.name for path in (pages.ROOT / "streams" / "transport").glob("*.py")} - {"__init__.py"}
    described = (DOCS / "transport.md").read_text()
    assert set() == {part for part in parts if f"`{part}`" not in described}


@pytest.mark.parametrize(
    ("page", "words"), COMMANDS, ids=[f"{pages.name(page)}: {' '.join(words)}" for page, words in COMMANDS]
)
def test_a_command_in_a_page_is_one_that_reflexarc_understands(page: Path, words: list[str]) -> None:
    try:
        commandline.parse(words)
    except typer.TyperException as error:
        if words and any(" ".join(path).startswith(" ".join(words)) for path, _ in commandline.commands()):
            return  # a group of commands, spoken of as such
        pytest.fail(f"{pages.name(page)}: {error.format_message()}")


def test_reading_a_command_line_does_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    commandline.parse(["--install-completion"])
    assert [] == list(tmp_path.iterdir())


def test_commands_in_pages_are_found_and_wrong_ones_seen() -> None:
    assert len(COMMANDS) > 20
    with pytest.raises(typer.TyperException):
        commandline.parse(["topics", "create", "--wiat"])


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in pages.links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in pages.anchors(target)):
            broken.append(link)
    assert [] == broken


def test_every_page_is_linked() -> None:
    linked = {(page.parent / link.partition("#")[0]).resolve() for page in pages.PAGES for link in pages.links(page)}
    linked |= {page for page in pages.PAGES if page.parent in linked}
    assert [README] == [page for page in pages.PAGES if page not in linked]


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    anybodys = {Path("/"), Path(gettempdir())}
    places = {pages.ROOT, pages.ROOT.parent, Path.home()} - anybodys
    sign = re.compile("|".join(rf"(?<![\w.~/-]){re.escape(str(place))}/\w" for place in sorted(places)))
    assert [] == [pages.name(path) for path, text in pages.files() if sign.search(text)]


def test_no_file_names_the_registry_that_packages_came_from_here() -> None:
    hosts = {urlsplit(url).hostname for name in INDEX_VARIABLES for url in re.split(r"[,\s]", os.environ.get(name, ""))}
    named = {host for host in hosts if host}
    assert [] == [pages.name(path) for path, text in pages.files() if any(host in text for host in named)]
    locks = [text for path, text in pages.files() if path.suffix == ".lock"]
    assert [] == re.findall(r"^--(?:extra-)?index-url.*|^--find-links.*", "\n".join(locks), re.MULTILINE)
