"""``pattern``: from where it comes, and what of it the index of routes can hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clients.aws.arn import RuleArn
from schemas.config import PatternConfig
from streams.filters.attribute import OneOf
from streams.filters.condition import AllOf
from streams.filters.names import valid_attribute
from streams.filters.pattern.condition import Alternative, NotFetched, PatternIs
from streams.filters.pattern.entry import ROUTER_TYPE, Shape
from streams.filters.pattern.expand import expand
from streams.filters.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.filters.compilation import At, Compilation
    from streams.filters.condition import Condition
    from streams.filters.leaf import Leaf
    from streams.filters.pattern.expand import Alternatives
    from streams.filters.pattern.fields import Names

_TYPE: Final = ("detail", "type")
_ATTRIBUTES: Final[Mapping[Names, str]] = {("source",): "source", ("detail-type",): "subject"}


def compile_pattern(given: PatternConfig | Mapping[str, Any], at: At, compilation: Compilation) -> Condition | None:
    """The condition that a pattern makes: from a file, as it was read; of a rule, as last fetched; or in place.

    What every alternative asks of an attribute, by exact texts only, becomes an ``OneOf`` of its own, which costs no
    parsing and can be hashed.
    """
    if not isinstance(given, PatternConfig):
        return _compiled(given, at, compilation)
    if given.content is not None:
        return _compiled(given.content, (*at, "file"), compilation)
    place = (*at, "rule_arn")
    text = given.rule_arn or ""
    try:
        arn = RuleArn.of(text)
    except ValueError as error:
        compilation.fault(place, str(error), "write arn:aws:events:eu-central-1:123456789012:rule/bus/name")
        return None
    pattern = compilation.rules.get(text)
    return NotFetched(text, compilation.undecided) if pattern is None else _compiled(pattern, place, compilation, arn)


def _compiled(
    given: Mapping[str, Any], at: At, compilation: Compilation, arn: RuleArn | None = None
) -> Condition | None:
    before = len(compilation.found)
    alternatives = expand(given, at, compilation)
    for name in ("account", "region"):
        if arn is None and any(names[0] == name for rule in alternatives for names in rule):
            compilation.fault((*at, name), "is known of a rule only", "use rule_arn, or leave it out")
    if len(compilation.found) > before:
        return None
    router_type = any(_TYPE in rule and ROUTER_TYPE in str(rule[_TYPE]) for rule in alternatives)
    hashed = _hashed(alternatives, router_type=router_type)
    parts: list[Condition] = [OneOf(attribute, texts) for attribute, texts in hashed.values()]
    rest = [{names: leaf for names, leaf in rule.items() if names not in hashed} for rule in alternatives]
    if all(rest):
        asked = {_looks_into_data(names) for rule in rest for names in rule}
        shape = Shape(
            data=True in asked,
            attributes=False in asked,
            router_type=router_type,
            account=arn.account if arn else None,
            region=arn.region if arn else None,
        )
        parts.append(PatternIs(tuple(dict.fromkeys(map(Alternative.of, rest))), shape, compilation.undecided))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _hashed(alternatives: Alternatives, *, router_type: bool) -> dict[Names, tuple[str, Texts]]:
    """Attributes of which every alternative asks the same exact texts."""
    found = {}
    for names, leaf in alternatives[0].items():
        attribute = _attribute(names)
        texts = _texts(leaf)
        if attribute is None or texts is None or (attribute == "type" and router_type):
            continue
        if all(rule.get(names) == leaf for rule in alternatives):
            found[names] = (attribute, Texts(texts))
    return found


def _attribute(names: Names) -> str | None:
    """The attribute that a path of the event leads to."""
    if len(names) == 2 and names[0] == "detail" and names[1] != "data" and valid_attribute(names[1]):
        return names[1]
    return _ATTRIBUTES.get(names)


def _texts(leaf: Leaf) -> frozenset[str] | None:
    tokens = leaf.equals
    if tokens is None:
        return None
    texts = frozenset(each for each in tokens if isinstance(each, str))
    return texts if len(texts) == len(tokens) else None


def _looks_into_data(names: Names) -> bool:
    return names[:2] == ("detail", "data")
