"""The limits of one sink: those of ``remediation``, and what the sink says itself."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from sinks.vsphere.actions import ACTIONS, kind
from streams.guard.action import Traits, traits
from streams.guard.scope import Scope, texts
from streams.routing.window import Windows

if TYPE_CHECKING:
    from schemas.config.remediation import RemediationConfig
    from sinks.remediation import RemediationSinkConfig
    from streams.filters.texts import Texts


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked for each request of a sink, compiled once.

    Attributes:
        sink: its configuration.
        general: that of ``remediation``.
        traits: of its action, as it is told.
        parameters: what its action is told, as JSON has it.
        allow: what may be acted on.
        deny: what may not.
        active: each must hold the present; empty ones are left out.
        mute: none may hold it.
        trusted: sources whose events need no approval to cut a machine off.
        dry_run: whether nothing is changed.
        told: whether its action is told what to do by each request, not by the configuration.
        cool_down: seconds.
        max_age: seconds.
        configuration: 16 hexadecimal digits; the same while both configurations are. Secrets have no part in it.
    """

    sink: RemediationSinkConfig
    general: RemediationConfig
    traits: Traits
    parameters: dict[str, Any]
    allow: tuple[Scope, ...]
    deny: tuple[Scope, ...]
    active: tuple[Windows, ...]
    mute: tuple[Windows, ...]
    trusted: Texts
    dry_run: bool
    told: bool
    cool_down: float
    max_age: float
    configuration: str

    @classmethod
    def of(cls, general: RemediationConfig, sink: RemediationSinkConfig, *, told: bool = False) -> Limits:
        """The limits of a sink; ``told`` as the attribute."""
        return cls(
            sink=sink,
            general=general,
            traits=_traits(sink),
            parameters=sink.parameters.model_dump(mode="json"),
            allow=tuple(map(Scope.of, general.allow)),
            deny=tuple(map(Scope.of, general.deny)),
            active=tuple(Windows(each.active_windows) for each in (general, sink) if each.active_windows),
            mute=tuple(Windows(each.mute_windows) for each in (general, sink) if each.mute_windows),
            trusted=texts(sink.trusted_senders, exact_case=True),
            dry_run=general.dry_run or sink.dry_run,
            told=told,
            cool_down=general.cool_down if sink.cool_down is None else sink.cool_down,
            max_age=general.max_age if sink.max_age is None else sink.max_age,
            configuration=_hash(general, sink),
        )


def _traits(sink: RemediationSinkConfig) -> Traits:
    said = traits(sink.action)
    return said._replace(kind=kind(sink.action, sink.parameters)) if sink.action in ACTIONS else said


def _hash(general: RemediationConfig, sink: RemediationSinkConfig) -> str:
    # A secret says asterisks, whatever it is.
    said = [general.model_dump(mode="json"), sink.model_dump(mode="json")]
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
