"""What somebody looks for, in the language of a route's ``match``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from ops.events.file import shortened
from schemas.config import RouteConfig
from schemas.config.document import Document, dotted, parse
from schemas.config.problems import problems_of
from schemas.errors import Problem, ReflexarcError
from streams.routing.route import compile_route

if TYPE_CHECKING:
    from streams.routing.route import Route

LONGEST: Final = 65_536
"""Characters of one condition."""

_PAIR = re.compile(r"(?P<key>[a-z_]+)(?:\.(?P<path>[^=]+))?=(?P<value>.*)", re.DOTALL)


def condition(spelled: str) -> Route:
    """The condition as a route that leads nowhere.

    Args:
        spelled: a mapping as in a route, in YAML or JSON: ``subject: Vm*``; or one key and its value:
            ``subject=Vm*``, ``data.Vm.Name=web-1``. An empty text asks nothing.

    Raises:
        ReflexarcError: it is none; the message begins with the key at fault.
    """
    if len(spelled) > LONGEST:
        raise ReflexarcError(f"has more than {LONGEST} characters", cure="put it into a route, and name its file")
    pair = _PAIR.fullmatch(spelled)
    document = _of_pair(pair) if pair else parse(spelled or "{}")
    given = {"name": "asked", "to": ["nobody"], "match": document.data}
    found = [(problem.where, problem.what, problem.cure) for problem in document.problems]
    try:
        compiled, faults = compile_route(RouteConfig.model_validate(given))
        found += [(dotted(fault.at), fault.what, fault.cure) for fault in faults]
    except ValidationError as error:
        document.data = given
        found += [(each.where, each.what, each.cure) for each in problems_of(error, RouteConfig, (), document)]
    if found:
        where, what, cure = found[0]
        raise ReflexarcError(f"{where} {what}".strip(), cure=cure)
    return compiled


def _of_pair(pair: re.Match[str]) -> Document:
    key, path, text = pair["key"], pair["path"], pair["value"]
    value: Any = text
    if path is None:
        return Document(data={key: value})
    if key == "data":  # numbers and operators mean something there
        inner = parse(text)
        if inner.problems:
            fault = inner.problems[0]
            return Document(problems=[Problem(shortened(f"{key}.{path}"), fault.what, fault.cure)])
        value = inner.data
    return Document(data={key: {path: value}})
