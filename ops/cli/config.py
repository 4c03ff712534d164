"""``reflexarc config``: schema and example of the configuration file."""

from __future__ import annotations

import sys

import orjson
import typer

from ops.cli.example import EXAMPLE
from schemas.config import json_schema
from sinks.registry import SINKS, model

app = typer.Typer(help="Schema and example of the configuration file.", no_args_is_help=True)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the whole file with every connector, for editors.

    In the first line of the YAML file: # yaml-language-server: $schema=reflexarc.schema.json
    """
    described = json_schema(model, tuple(SINKS))
    sys.stdout.write(orjson.dumps(described, option=orjson.OPT_INDENT_2).decode() + "\n")


@app.command()
def example() -> None:
    """Print a commented configuration to start from; it passes `reflexarc check` as it is."""
    sys.stdout.write(EXAMPLE)
