"""EventBridge rules that routes take their patterns from."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Final

from schemas.config import PatternConfig
from streams.filters.compilation import Compilation
from streams.filters.pattern import compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from clients.aws.rules import Rules
    from schemas.config import RouteConfig

PERIOD: Final = 300.0
"""Seconds after which patterns are fetched again."""

log = logging.getLogger(__name__)


class Watch:
    """Fetches the patterns of some rules again and again, in a thread that nobody has to wait for.

    Args:
        rules: not fetched yet.
        changed: called in that thread after the first fetch, whatever came of it, and when patterns have changed.
    """

    def __init__(self, rules: Rules, changed: Callable[[], None]) -> None:
        self._rules = rules
        self._changed = changed
        self._stop = threading.Event()
        self._good: dict[str, Mapping[str, Any]] = {}
        self._bad: dict[str, Mapping[str, Any]] = {}
        threading.Thread(target=self._run, name="rules", daemon=True).start()

    def patterns(self) -> Mapping[str, Mapping[str, Any]]:
        """Of each rule the last pattern that means something to us. A snapshot."""
        return self._good

    def close(self) -> None:
        """Fetch no more."""
        self._stop.set()

    def _run(self) -> None:
        first = True
        while not self._stop.is_set():
            if self._rules.refresh() or first:
                self._sift()
                self._changed()
                first = False
            self._stop.wait(PERIOD)

    def _sift(self) -> None:
        """Take over what can be compiled; what a rule says that we do not know changes nothing for any other."""
        good = dict(self._good)
        for arn, pattern in self._rules.patterns().items():
            compilation = Compilation(rules={arn: pattern})
            compile_pattern(PatternConfig(rule_arn=arn), (), compilation)
            if not compilation.found:
                good[arn] = pattern
                self._bad.pop(arn, None)
            elif self._bad.get(arn) != pattern:
                self._bad[arn] = pattern
                for fault in compilation.found:
                    place = ".".join(map(str, fault.at))
                    log.error("%s: %s: %s; the pattern before stays", arn, place, fault.what)
        self._good = good


def rules_of(routes: Iterable[RouteConfig]) -> Rules | None:
    """The rules that the routes name, not fetched yet; None when they name none."""
    references = (reference for route in routes for reference in route.match.references())
    named = {reference.rule_arn for reference in references if reference.rule_arn is not None}
    if not named:
        return None
    from clients.aws.rules import Rules  # noqa: PLC0415 - boto3 takes a third of a second to import

    return Rules(named)


def fetched(routes: Iterable[RouteConfig]) -> Mapping[str, Mapping[str, Any]]:
    """Their patterns, as far as they can be fetched now; what cannot is logged. Blocks, if there are any."""
    rules = rules_of(routes)
    if rules is None:
        return {}
    rules.refresh()
    return rules.patterns()
