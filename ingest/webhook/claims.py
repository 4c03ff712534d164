"""What events say of where they are from, and who may say so: limits on actions go by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.vcenter.publishing.mapping import source_of
from schemas.cloudevents.attributes import excerpt, invalid
from schemas.errors import InvalidEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.config import Config, WebhookConfig

RECEIVED: Final = "/ingest/webhook/*"
"""Sources of events that the webhook itself makes of what others send."""

TYPES: Final = ("com.reflexarc.reply.*", "com.reflexarc.remediation.*", "com.reflexarc.command.*")
"""Types of what our own roles say of commands and actions: chats answer people by them, with buttons."""

_VCENTER: Final = "vcenter"
_OURS: Final = "reflexarc"


class Claims(NamedTuple):
    """What the events of one endpoint may claim. Sources end in ``*`` where only their beginning counts.

    Attributes:
        trusted: whether they may be those of a vCenter, or have been through reflexarc.
        reserved: sources that only the trusted may have.
        own: the only sources that they may have; empty: any.
        others: sources that other endpoints have proven to be theirs.
    """

    trusted: bool = False
    reserved: tuple[str, ...] = (RECEIVED,)
    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def check(self, events: Sequence[CloudEvent]) -> None:
        """Return if none of these events claims more.

        Raises:
            InvalidEvent: one does; the message begins with its attribute, or of several events with which one it is.
        """
        for index, event in enumerate(events):
            try:
                self._look(event)
            except InvalidEvent as error:
                if len(events) == 1:
                    raise
                raise invalid(f"event {index}", error.message) from None

    def _look(self, event: CloudEvent) -> None:
        if not self.trusted:
            for name in event.extensions:
                if name == _VCENTER or name.startswith(_OURS):
                    raise invalid(name, "only an endpoint with trusted: true takes events that carry this extension")
            if _fits(event.type, TYPES):
                raise invalid("type", f"{excerpt(event.type)} is what reflexarc itself says of commands and actions")
            if _fits(event.source, self.reserved):
                raise invalid("source", f"{excerpt(event.source)} is that of a vCenter, or of reflexarc itself")
        if self.own and not _fits(event.source, self.own):
            raise invalid("source", f"{excerpt(event.source)} is none of the sources of this endpoint")
        if not self.own and _fits(event.source, self.others):
            raise invalid("source", f"{excerpt(event.source)} belongs to the senders of another endpoint")


def reserved(config: Config) -> tuple[str, ...]:
    """Sources that no stranger may claim: of configured vCenters, of our own roles, of what the webhook makes."""
    vcenters = (source_of(vcenter.url, name) for name, vcenter in config.vcenters.items())
    return (*vcenters, f"/{config.kafka.prefix}.*", RECEIVED)


def claims(config: WebhookConfig, name: str, kept: Iterable[str]) -> Claims:
    """What the events of an endpoint may claim.

    Args:
        config: the ``webhook`` part of the configuration.
        name: of the endpoint.
        kept: sources that only the trusted may have.
    """
    given = config.served[name]
    others = (source for other, each in config.served.items() if other != name for source in each.sources)
    return Claims(given.trusted, tuple(kept), given.sources, tuple(others))


def _fits(text: str, patterns: Sequence[str]) -> bool:
    # Upper and lower case are not told apart: a server's name has no case, and nobody needs a twin of another source.
    folded = text.casefold()
    return any(
        folded.startswith(pattern[:-1].casefold()) if pattern.endswith("*") else folded == pattern.casefold()
        for pattern in patterns
    )
