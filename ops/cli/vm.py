"""``reflexarc vm``: what people ask for in a chat, asked at a command line."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import orjson
import typer

from ops.cli import completion
from ops.cli.context import load_config
from ops.cli.output import fail, printable
from ops.cli.switch import Json, Within  # noqa: TC001 - typer reads annotations
from schemas.config import Redactor
from schemas.config.units import format_duration
from schemas.errors import ReflexarcError, Unreachable
from streams.commands.parse import Misuse
from streams.commands.verbs import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ops.commands.given import Given
    from ops.commands.told import Told
    from schemas.config import Config
    from streams.commands.verbs import Verb

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Ask only; print the command's id, and wait for nothing.")]

STOPPED, MISUSED = 1, 2
"""Exit codes: of whoever has stopped waiting, and of what is no command."""

app = typer.Typer(
    help="Machines: ask for them, and for something to be done to them, as in a chat.", no_args_is_help=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a command is given.

    Attributes:
        dry_run: whether only the plan is wanted.
        within: seconds to wait for its end.
        json: whether its story is printed as JSON.
        waits: whether anything is waited for.
    """

    dry_run: bool = False
    within: float
    json: bool
    waits: bool


def _give(ctx: typer.Context, verb: Verb, words: Sequence[str], manner: Manner) -> None:
    """Read the words, then have them heard."""
    from ops.actor import person
    from ops.commands import given as giving

    config = load_config(ctx)
    command = giving.read(config, verb.name, words)
    if isinstance(command, Misuse):
        fail(printable(command.text), code=MISUSED)
    user = person().removeprefix("cli/")
    signing = giving.keys(config)
    prefix = config.kafka.prefix
    made = giving.given(prefix, command, words, signing, user=user, now=time(), dry_run=manner.dry_run)
    story = _story(config, made, manner)
    if manner.json:
        _print(made, story)
    _end(made, story, manner)


def _story(config: Config, given: Given, manner: Manner) -> list[Told]:
    """Every step, told while it happens unless all of them are printed at the end."""
    from ops.commands.giving import followed, give
    from ops.commands.told import later

    if not manner.waits:
        story = [give(config, given)]
        _say(given, story[-1], manner)
        return story
    story = []
    with closing(followed(config, given, manner.within)) as steps:
        try:
            for step in steps:
                story.append(step)
                _say(given, step, manner)
        except KeyboardInterrupt:
            if not story:
                raise
            fail(f"command {given.id} goes on without you", cure=later(given), code=STOPPED)
    return story


def _say(given: Given, step: Told, manner: Manner) -> None:
    """Print one step, but for one that the command ends with badly: that is a failure's own line."""
    if manner.json or not step.good:
        return
    if step.step == "acknowledged":
        typer.echo(f"command {given.id}: {step.said.text}")
        return
    for line in (step.said.text, *step.said.code.splitlines()):
        typer.echo(printable(Redactor().redact(line)))


def _print(given: Given, story: Sequence[Told]) -> None:
    steps = [{"step": each.step, "text": each.said.text, "code": each.said.code} for each in story]
    id_ = next((each.id for each in story if each.id), given.id)
    data = {"id": id_, "verb": given.command.verb, **steps[-1], "steps": steps}
    typer.echo(Redactor().redact(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()))


def _end(given: Given, story: Sequence[Told], manner: Manner) -> None:
    """End with the code that fits."""
    last = story[-1]
    if not last.good:
        if manner.json:
            raise typer.Exit(1)
        raise ReflexarcError(printable(last.said.text))
    if manner.waits and not last.said.final:
        _late(given, last, manner.within)


def _late(given: Given, last: Told, within: float) -> NoReturn:
    from ops.commands.told import later

    how = "nobody has dealt with it" if last.step == "acknowledged" else f"it is {last.step}"
    raise Unreachable(f"command {given.id} has not ended within {format_duration(within)}; {how}", cure=later(given))


def _words(verb: Verb) -> Any:
    """The argument that takes everything behind the verb."""
    shown = " | ".join(form.shown for form in verb.forms)
    return typer.Argument(
        None, metavar=shown, help=verb.note or "As in a chat; quote what has blanks.", autocompletion=completion.words
    )


def _action(verb: Verb) -> Callable[..., None]:
    typed = _words(verb)

    def act(
        ctx: typer.Context,
        words: list[str] | None = typed,
        dry_run: DryRun = False,
        within: Within = 60.0,
        json: Json = False,
        no_wait: NoWait = False,
    ) -> None:
        manner = Manner(dry_run=dry_run, within=within, json=json, waits=not no_wait)
        _give(ctx, verb, words or (), manner)

    return act


def _other(verb: Verb) -> Callable[..., None]:
    typed = _words(verb)

    def say(
        ctx: typer.Context,
        words: list[str] | None = typed,
        within: Within = 60.0,
        json: Json = False,
        no_wait: NoWait = False,
    ) -> None:
        _give(ctx, verb, words or (), Manner(within=within, json=json, waits=not no_wait))

    return say


for _verb in VERBS.values():
    app.command(_verb.name, help=_verb.help)((_action if _verb.what == "action" else _other)(_verb))
