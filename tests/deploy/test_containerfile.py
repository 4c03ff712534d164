from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMAGES = ["deploy/Containerfile", "deploy/vcsim.Containerfile"]


def instructions(name: str) -> list[tuple[str, str]]:
    """(instruction, arguments) of every line, continuations joined, comments left out."""
    text = re.sub(r"^#.*\n", "", (ROOT / name).read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_runs_as_a_user_by_number_that_is_not_root(name: str) -> None:
    users = [argument for instruction, argument in instructions(name) if instruction == "USER"]

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])


@pytest.mark.parametrize("name", IMAGES)
def test_everything_that_is_copied_exists(name: str) -> None:
    copied = [argument for instruction, argument in instructions(name) if instruction == "COPY"]

    sources = [word for argument in copied if "--from" not in argument for word in argument.split()[:-1]]
    assert [] == [source for source in sources if not (ROOT / source).exists()]


@pytest.mark.parametrize("name", IMAGES)
def test_base_images_are_named_in_full_with_a_version(name: str) -> None:
    bases = [argument.split()[0] for instruction, argument in instructions(name) if instruction == "FROM"]

    assert all(base == "scratch" or re.fullmatch(r"docker\.io/\w+/[\w-]+:\d[\w.-]*", base) for base in bases)


def test_every_package_is_copied() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = {pattern.rstrip("*") for pattern in pyproject["tool"]["setuptools"]["packages"]["find"]["include"]}

    copied = {argument.split()[0] for instruction, argument in instructions(IMAGES[0]) if instruction == "COPY"}
    assert packages <= copied


def test_what_comes_from_an_index_is_checked_by_hash() -> None:
    installs = [
        command
        for instruction, argument in instructions(IMAGES[0])
        if instruction == "RUN"
        for command in argument.split("&&")
        if "pip install" in command
    ]

    assert installs
    assert all("--require-hashes" in command or "--no-index" in command for command in installs)


def test_the_python_version_is_one_that_the_project_supports() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lowest = pyproject["project"]["requires-python"].removeprefix(">=")

    bases = [argument.split()[0] for instruction, argument in instructions(IMAGES[0]) if instruction == "FROM"]
    assert {f"docker.io/library/python:{lowest}-slim"} == set(bases)


def test_the_simulator_is_built_by_a_go_that_its_module_allows() -> None:
    needed = re.search(r"^go (\d+)\.(\d+)", (ROOT / "ops/dev/vcsim/go.mod").read_text(), re.MULTILINE)
    given = re.search(r"golang:(\d+)\.(\d+)", (ROOT / IMAGES[1]).read_text())

    assert needed
    assert given
    assert tuple(map(int, needed.groups())) <= tuple(map(int, given.groups()))
