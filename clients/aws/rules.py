"""Patterns of EventBridge rules, fetched with ListRules only: the permission that the VMware event router asks for."""

from __future__ import annotations

import logging
from os.path import commonprefix
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import boto3
import orjson
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from clients.aws.arn import RuleArn
from clients.aws.words import code_of, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

log = logging.getLogger(__name__)

_PAGES: Final = 100
_PAGE: Final = 100
_LARGEST: Final = 64 * 1024

_CONFIG: Final = Config(
    connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 3, "mode": "standard"}, max_pool_connections=1
)


class Rules:
    """The patterns of some rules as last fetched. Credentials, and another endpoint, come the way boto3 finds them.

    A rule that cannot be fetched, or is gone, keeps the pattern it had; that is logged when it begins, when its
    reason changes and when it ends. A disabled rule counts as it is written.

    Args:
        arns: of the rules.

    Raises:
        ValueError: one of them is no ARN of a rule.
    """

    def __init__(self, arns: Iterable[str]) -> None:
        self._groups: dict[tuple[str, str], list[RuleArn]] = {}
        for arn in map(RuleArn.of, sorted(set(arns))):
            self._groups.setdefault((arn.region, arn.bus), []).append(arn)
        self._clients: dict[str, Any] = {}
        self._patterns: Mapping[str, Mapping[str, Any]] = {}
        self._troubles: Mapping[str, str] = {}
        self._refreshing = Lock()

    def patterns(self) -> Mapping[str, Mapping[str, Any]]:
        """Last good pattern by ARN; a rule that was never fetched is not in it. A snapshot that does not change."""
        return self._patterns

    def troubles(self) -> Mapping[str, str]:
        """Why a rule could not be fetched the last time, by ARN; empty when all could."""
        return self._troubles

    def refresh(self) -> bool:
        """Fetch all rules anew; whether a pattern changed. Never raises for what AWS answers.

        Blocks for up to a minute for each region and bus while nobody answers, so it belongs into a thread.
        """
        with self._refreshing:
            patterns = dict(self._patterns)
            troubles: dict[str, str] = {}
            for (region, bus), arns in self._groups.items():
                try:
                    written = self._list(region, bus, [arn.name for arn in arns])
                except (BotoCoreError, ClientError, ValueError) as error:
                    troubles |= {arn.text: _reason(error) for arn in arns}
                    continue
                for arn in arns:
                    try:
                        patterns[arn.text] = _pattern(written, arn)
                    except ValueError as error:
                        troubles[arn.text] = str(error)
            _tell(self._troubles, troubles)
            changed = patterns != self._patterns
            self._patterns, self._troubles = patterns, troubles
            return changed

    def _list(self, region: str, bus: str, names: list[str]) -> dict[str, str | None]:
        """Patterns as written by the ARN of their rule, of every rule whose name begins as all of ``names`` do.

        Raises:
            ValueError: there are too many, or what the environment says of AWS makes no sense.
            ClientError: AWS says no.
            BotoCoreError: nobody answers, or there are no credentials.
        """
        client = self._clients.get(region)
        if client is None:
            client = self._clients[region] = boto3.session.Session().client(
                "events", region_name=region, config=_CONFIG
            )
        asked = {"EventBusName": bus, "Limit": _PAGE}
        if prefix := commonprefix(names):  # noqa: RUF071 - names, not paths
            asked["NamePrefix"] = prefix
        written: dict[str, str | None] = {}
        for _ in range(_PAGES):
            page = client.list_rules(**asked)
            written |= {rule["Arn"]: rule.get("EventPattern") for rule in page.get("Rules", ())}
            if not (token := page.get("NextToken")):
                return written
            asked["NextToken"] = token
        raise ValueError(f"bus {bus} has more than {_PAGES * _PAGE} rules that begin with {prefix!r}")


def _pattern(written: Mapping[str, str | None], arn: RuleArn) -> Mapping[str, Any]:
    if arn.text not in written:
        raise ValueError(f"bus {arn.bus} has no such rule")
    text = written[arn.text]
    if not text:
        raise ValueError("the rule has no pattern, only a schedule")
    if len(text) > _LARGEST:
        raise ValueError(f"its pattern is longer than {_LARGEST} characters")
    try:
        pattern = orjson.loads(text)
    except orjson.JSONDecodeError:
        pattern = None
    if isinstance(pattern, dict):
        return pattern
    raise ValueError("its pattern is no JSON object")


def _tell(before: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Log what changed, one line for each reason."""
    reasons: dict[str, list[str]] = {}
    for arn, reason in now.items():
        if before.get(arn) != reason:
            reasons.setdefault(reason, []).append(arn)
    for reason, arns in reasons.items():
        log.warning("cannot fetch %s, what was fetched before stays: %s", ", ".join(arns), reason)
    if mended := sorted(before.keys() - now.keys()):
        log.info("can fetch again: %s", ", ".join(mended))


def _reason(error: Exception) -> str:
    hint = " (allow events:ListRules)" if isinstance(error, ClientError) and "AccessDenied" in code_of(error) else ""
    return f"{words(error)}{hint}"
