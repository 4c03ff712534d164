"""A Jinja template over one event, which can cost no more than a few milliseconds whatever the event holds."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import TemplateSyntaxError, UndefinedError, nodes

from schemas.templates.environment import FUEL, Environment
from schemas.templates.grammar import INPUTS, Flaw, Paid, flaws
from schemas.templates.unfit import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import jinja2

    from schemas.templates.fuel import Fuel

LONGEST: Final = 8_192
SECRET: Final = "secret"  # noqa: S105 - name of the third input

_ESCAPED: Final = re.compile(r"\\.", re.DOTALL)


class Flawed(ValueError):  # noqa: N818 - names what is wrong, as the error tree does
    """The source is no template that may run; ``flaws`` says why, one entry per fault."""

    def __init__(self, found: tuple[Flaw, ...]) -> None:
        super().__init__(f"line {found[0].line}: {found[0].what}")
        self.flaws = found


class Template:
    """A compiled template. Its inputs are ``event``, the attributes by name, and ``data``, the parsed JSON.

    Args:
        source: at most 8,192 characters.
        as_json: every ``{{ }}`` is written as JSON, so that the whole is JSON whatever the values are; otherwise a
            text, number or boolean is written as it is, and anything else is refused.
        secret: it may read a third input, ``secret``.

    Raises:
        Flawed: it is not Jinja, or uses a part of it that is not for templates here.
    """

    __slots__ = ("_template",)

    def __init__(self, source: str, *, as_json: bool = False, secret: bool = False) -> None:
        environment = _environment(as_json=as_json)
        tree = _parsed(source, environment)
        found = (*flaws(tree, (*INPUTS, SECRET) if secret else INPUTS), *(_quoted(tree) if as_json else ()))
        if found:
            raise Flawed(found)
        Paid().visit(tree)
        self._template: jinja2.Template = environment.template_class.from_code(
            environment, environment.compile(tree), {}
        )

    def render(self, event: Mapping[str, str], data: Any, fuel: Fuel, secret: str | None = None) -> str:
        """The text for one event; ``secret`` is what a template made with it reads under that name.

        Raises:
            Unfit: something that it needs is not there or of another kind, or it takes too much work.
        """
        try:
            return self._template.render({"event": event, "data": data, SECRET: secret, FUEL: fuel})
        except UndefinedError as error:
            raise Unfit(f"reads what this event does not have: {error.message}") from None


@cache
def _environment(*, as_json: bool) -> Environment:
    return Environment(as_json=as_json)


def _parsed(source: str, environment: Environment) -> nodes.Template:
    if len(source) > LONGEST:
        raise Flawed((Flaw(1, f"is longer than {LONGEST} characters", "write it shorter"),))
    try:
        return environment.parse(source)
    except TemplateSyntaxError as error:
        said = (error.message or "is no template").rstrip(".")
        raise Flawed((Flaw(error.lineno, f"is not Jinja: {said[:200]}", "mend the {{ }} or {% %} there"),)) from None
    except (RecursionError, ValueError, OverflowError):
        raise Flawed((Flaw(1, "is nested too deeply, or has too long a number", "write it shorter"),)) from None


def _quoted(tree: nodes.Template) -> Iterator[Flaw]:
    """Expressions inside a JSON text, where what they give would end that text."""
    inside = False
    for node in (part for output in tree.find_all(nodes.Output) for part in output.nodes):
        if isinstance(node, nodes.TemplateData):
            inside ^= _ESCAPED.sub("", node.data).count('"') % 2 == 1
        elif inside:
            yield Flaw(
                node.lineno,
                "has {{ }} inside quotes, and a text that it gives brings its own",
                'write {"name": {{ data.Vm.Name }}} or {"text": {{ "VM " + data.Vm.Name }}}',
            )
