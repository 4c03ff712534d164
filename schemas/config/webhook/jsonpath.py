"""JSONPath (RFC 9535) as far as it costs no more than a few passes over the payload."""

from __future__ import annotations

from typing import Final

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError
from jsonpath.token import TOKEN_COMMA, TOKEN_DDOT, TOKEN_FILTER, TOKEN_FUNCTION, TOKEN_ROOT

from schemas.config.fault import Fault

LONGEST: Final = 256

_COSTLY: Final = frozenset({TOKEN_COMMA, TOKEN_DDOT, TOKEN_FUNCTION})
_STRICT: Final = JSONPathEnvironment(strict=True)


def compiled(text: str) -> JSONPath:
    """Return the query that ``text`` spells, with ``$`` or ``@`` as its root.

    Names, positions, slices, wildcards and one filter without functions are allowed. Lists of selectors, ``..``,
    functions, and ``$`` in a filter are not, because a sender decides how often they would be followed.

    Raises:
        Fault: it spells none, or one that is not allowed.
    """
    if len(text) > LONGEST:
        raise Fault(f"is a JSONPath of more than {LONGEST} characters", "shorten it")
    query = f"${text[1:]}"
    try:
        path = _STRICT.compile(query)
        tokens = [token.kind for token in _STRICT.lexer.tokenize(query)]
    except (JSONPathError, RecursionError):
        raise Fault("is not a JSONPath (RFC 9535)", "write $.event.source, or a constant without $ or @") from None
    if _COSTLY.intersection(tokens) or tokens.count(TOKEN_ROOT) > 1 or tokens.count(TOKEN_FILTER) > 1:
        raise Fault(
            "uses .., a comma, a function, a second filter, or $ inside of a filter", "name the members on the way"
        )
    assert isinstance(path, JSONPath)  # noqa: S101 - unions are no part of the strict syntax
    return path
