"""Reply addresses: opened, and never followed to anywhere but Slack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from schemas import seal
from schemas.config.keyfile import ring
from schemas.errors import Reject
from schemas.seal import Unopened
from sinks.fresh import Fresh
from sinks.slack.verdict import Closed

if TYPE_CHECKING:
    from schemas.commands.reply import Reply
    from schemas.keys import Key
    from sinks.slack.config import SlackSinkConfig

LONGEST: Final = 1024

# What libcurl sends as it stands: no user, no fragment, no step out of the folder.
_REST: Final = re.compile(r"(?!.*\.\.)[A-Za-z0-9._~/=?&-]+")


class Addresses:
    """Opens what the webhook has sealed.

    Args:
        config: the sink.
    """

    def __init__(self, config: SlackSinkConfig) -> None:
        secret = config.seal_key
        self._hooks = config.hooks
        self._ring: Fresh[tuple[Key, ...]] | None = None if secret is None else Fresh(lambda: ring(secret))

    def of(self, reply: Reply, *, now: float) -> str:
        """The address that a reply may be posted to.

        Args:
            reply: it, or its command, carries the address.
            now: seconds since 1970.

        Raises:
            Closed: there is none, or it is not opened: it has expired, or no key of ours opens it.
            Reject: it does not lead to Slack.
            Refused: the key is gone.
        """
        if not reply.address:
            raise Closed("is not there")
        if self._ring is None:
            raise Closed("is sealed, and the sink has no seal_key")
        try:
            address = seal.open(reply.address, self._ring.get(), source=reply.source, id=reply.event, now=now)
        except Unopened as error:
            raise Closed(str(error)) from None
        rest = address.removeprefix(self._hooks)
        if not address.startswith(self._hooks) or len(address) > LONGEST or not _REST.fullmatch(rest):
            raise Reject(f"the reply address is none below {self._hooks}")
        return address
