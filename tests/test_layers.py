"""The import rule of docs/design.md: data flows one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "schemas": set(),
    "clients": {"schemas"},
    "ingest": {"schemas", "clients"},
    "sinks": {"schemas", "clients"},
    "streams": {"schemas", "clients", "sinks"},
    "ops": {"schemas", "clients", "ingest", "sinks", "streams"},
}
MODULES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


def imported(source: str) -> set[str]:
    tops = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            tops |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            tops.add(node.module.split(".")[0])
    return tops


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    foreign = imported(path.read_text()) & set(MAY_IMPORT) - {package}
    assert foreign <= MAY_IMPORT[package]


def test_the_rule_sees_a_forbidden_arrow() -> None:
    assert imported("from streams.routing.router import Router\nimport ops.demo") == {"streams", "ops"}


def test_every_top_level_package_is_under_the_rule() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == set(MAY_IMPORT)
