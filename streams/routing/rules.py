"""EventBridge rules that routes take their patterns from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from schemas.config import MatchConfig, RouteConfig


def arns(routes: Iterable[RouteConfig]) -> set[str]:
    """ARNs of the rules that any of the routes names."""
    return {arn for route in routes for arn in _named(route.match)}


def fetched(routes: Iterable[RouteConfig]) -> Mapping[str, Mapping[str, Any]]:
    """Their patterns, as far as they can be fetched now; what cannot is logged. Blocks, if there are any."""
    named = arns(routes)
    if not named:
        return {}
    from clients.aws.rules import Rules  # noqa: PLC0415 - boto3 takes a third of a second to import

    rules = Rules(named)
    rules.refresh()
    return rules.patterns()


def _named(match: MatchConfig) -> Iterator[str]:
    if match.pattern is not None and not isinstance(match.pattern, dict) and match.pattern.rule_arn:
        yield match.pattern.rule_arn
    for nested in (*(match.all or ()), *(match.any or ()), *((match.not_,) if match.not_ else ())):
        yield from _named(nested)
