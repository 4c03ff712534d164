"""``reflexarc import``: another event router's configuration, as ours."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.cli.output import emit

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.imports.configuration import Configuration
    from ops.imports.original import Original

app = typer.Typer(help="Read another event router's configuration as ours.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file to be imported.")]
Json = Annotated[bool, typer.Option("--json", help="Print configuration, points and remarks as JSON.")]


@app.command()
def veba(file: File, json: Json = False) -> None:
    """Import the configuration of a VMware event router.

    Takes the JSON array of v0.3 and v0.4, and the RouterConfig in YAML of v0.5 to v0.8.
    """
    from ops.imports import router_config, veba_array

    def convert(original: Original) -> Configuration:
        is_array = isinstance(original.single.data, list)
        return veba_array.convert(original) if is_array else router_config.convert(original)

    _import(file, convert, json=json)


@app.command()
def trigger(file: File, json: Json = False) -> None:
    """Import Triggers of Knative Eventing, in one YAML document or several.

    Each becomes a route and a sink of its name. What `kubectl get triggers -A -o yaml` prints can be read as it is.
    """
    from ops.imports.trigger import convert

    _import(file, convert, json=json)


@app.command()
def stack(file: File, json: Json = False) -> None:
    """Import functions of OpenFaaS by their topic annotations: a stack.yml, or objects of kind Function."""
    from ops.imports.stack import convert

    _import(file, convert, json=json)


def _import(file: Path, convert: Callable[[Original], Configuration], *, json: bool) -> None:
    """Print the configuration on stdout, and on stderr how much of the original is in it."""
    from ops.imports.original import Original

    configuration = convert(Original.read(file))
    if json:
        emit(_data(configuration), json=True, table=str)
    else:
        sys.stdout.write(configuration.text())
    sys.stderr.write(f"{file}: {configuration.summary()}\n")


def _data(configuration: Configuration) -> dict[str, Any]:
    return {
        "configuration": configuration.data(),
        "not_translated": [point._asdict() for part in configuration.parts for point in part.points],
        "remarks": [remark for part in configuration.parts for remark in part.remarks],
    }
