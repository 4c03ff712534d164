"""A mail server with moods, as a process: ``python -m tests.faults.delivery.mailbox FILE PORT``.

The subject of a mail is the event's number and key.
"""

from __future__ import annotations

import asyncio
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.delivery.moods import Moods
from tests.sinks.smtp.server import MailServer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox(MailServer):
    """Takes mails, or says that it cannot for now."""

    def __init__(self, moods: Moods) -> None:
        super().__init__()
        self._moods = moods

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Write down, wait, answer."""
        assert isinstance(envelope.content, bytes)
        seq, _, key = message_from_bytes(envelope.content, policy=default)["Subject"].partition(" ")
        taken = self._moods.takes({"seq": int(seq), "key": key})
        await asyncio.sleep(self._moods.pause())
        return "250 OK" if taken else "451 Try again later"


async def serve(path: Path, port: int) -> None:
    """Serve until ended."""
    server = Mailbox(Moods(path))
    server.port = port
    await server.start()
    await asyncio.Event().wait()


def main(argv: Iterable[str]) -> None:
    """Serve until ended."""
    path, port = argv
    asyncio.run(serve(Path(path), int(port)))


if __name__ == "__main__":
    main(sys.argv[1:])
