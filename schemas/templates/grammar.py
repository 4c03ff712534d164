"""What a template may be written with: the part of Jinja whose cost can be told from its length."""

from __future__ import annotations

import inspect
import math
from typing import TYPE_CHECKING, Final, NamedTuple

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from schemas.config.names import suggestion
from schemas.templates.environment import TESTS, comparison
from schemas.templates.functions import FILTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INPUTS: Final = ("event", "data")
MOST_NODES: Final = 500
DEEPEST: Final = 40

_ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Getattr,
    nodes.Getitem,
    nodes.If,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Neg,
    nodes.Pos,
    nodes.Filter,
    nodes.Test,
    nodes.Keyword,
    nodes.Assign,
)

_REFUSED: Final = {
    nodes.For: ("a loop", "use filters on the whole list: join, first, last, length"),
    nodes.Call: ("a call", "use a filter: {{ data.Vm.Name | upper }}"),
    nodes.Concat: ("the operator ~", "write the parts side by side, or join texts with +"),
    nodes.Pow: ("the operator **", "write the product"),
    nodes.Slice: ("a slice", "use first, last or truncate(20)"),
    nodes.Dict: ("a mapping", "write the data as JSON around {{ }}"),
    nodes.Tuple: ("a tuple", "write a list: ['a', 'b']"),
}


class Flaw(NamedTuple):
    """What a template must not hold: line, what, cure."""

    line: int
    what: str
    cure: str


def flaws(template: nodes.Template, inputs: Sequence[str] = INPUTS) -> Iterator[Flaw]:
    """Everything in a parsed template that may not be there, in order.

    Args:
        template: as Jinja has parsed it.
        inputs: names that it may read, and not set.
    """
    waiting: list[tuple[nodes.Node, int]] = [(template, 0)]
    names, count = {*inputs, *_assigned(template)}, 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > DEEPEST or count > MOST_NODES:
            yield Flaw(node.lineno, "is too long" if count > MOST_NODES else "is nested too deeply", "write it shorter")
            return
        yield from _flaw(node, names, inputs)
        waiting += [(child, depth + 1) for child in reversed(list(node.iter_child_nodes()))]


def _assigned(template: nodes.Template) -> set[str]:
    """Names that the template sets; reading one before it is set is a fault of the event's rendering."""
    return {
        node.target.name
        for node in template.find_all(nodes.Assign)
        if isinstance(node.target, nodes.Name) and not node.target.name.startswith("_")
    }


def _flaw(node: nodes.Node, names: set[str], inputs: Sequence[str]) -> Iterator[Flaw]:
    line = node.lineno or 1  # some have none, whatever Jinja's types say
    if not isinstance(node, _ALLOWED):
        what, cure = _REFUSED.get(type(node), (f"a {type(node).__name__.lower()}", "leave it out"))
        yield Flaw(line, f"has {what}, which templates cannot have here", cure)
    elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        yield Flaw(line, f"reads {node.attr}, and no name may begin with _", "name a member of the data")
    elif isinstance(node, nodes.Name) and node.name not in names:
        yield Flaw(line, f"reads {node.name}, which is not there", "begin with event. or data.: {{ data.Vm.Name }}")
    elif isinstance(node, nodes.Assign) and not _settable(node, inputs):
        yield Flaw(line, "sets something else than a name of its own", "write {% set name = … %}")
    elif isinstance(node, nodes.Compare) and len(node.ops) != 1:
        yield Flaw(line, "compares more than two values at once", "join two comparisons with and")
    elif isinstance(node, nodes.Const) and not _plain(node.value):
        yield Flaw(line, "has a number that is too large", "write at most 64 bits")
    elif isinstance(node, nodes.Test) and (node.name not in TESTS or node.args or node.kwargs):
        yield Flaw(line, f"has the test {node.name}, which is not there", f"known: {', '.join(sorted(TESTS))}")
    elif isinstance(node, nodes.Filter):
        yield from _filter_flaw(node)


def _settable(node: nodes.Assign, inputs: Sequence[str]) -> bool:
    return isinstance(node.target, nodes.Name) and node.target.name not in inputs and node.target.name[0] != "_"


def _plain(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or abs(value) <= 2**63


def _filter_flaw(node: nodes.Filter) -> Iterator[Flaw]:
    function = FILTERS.get(node.name)
    if function is None:
        yield Flaw(node.lineno, f"has no filter {node.name}", suggestion(node.name, FILTERS, none=""))
        return
    if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
        yield Flaw(node.lineno, f"gives {node.name} its arguments in a way that is not known here", "write them out")
        return
    signature = inspect.signature(function)
    named: dict[str, None] = {str(keyword.key): None for keyword in node.kwargs}
    try:
        signature.bind(None, None, *node.args, **named)
    except TypeError:
        known = ", ".join(list(signature.parameters)[2:])
        yield Flaw(node.lineno, f"gives {node.name} arguments that it does not take", f"it takes ({known})")


class Paid(NodeTransformer):
    """Turns comparisons into filters: Jinja would run them as Python's own, whatever the size of the values."""

    def visit_Compare(self, node: nodes.Compare) -> nodes.Filter:  # noqa: N802 - found by this name
        """The same comparison as a filter."""
        self.generic_visit(node)
        (operand,) = node.ops
        return nodes.Filter(node.expr, comparison(operand.op), [operand.expr], [], None, None, lineno=node.lineno)
