"""An event as a mail."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from schemas.errors import Reject
from schemas.templates.fuel import Fuel
from schemas.templates.inputs import Inputs
from schemas.templates.template import Template
from schemas.templates.unfit import Unfit
from sinks.smtp.config import BODY

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.smtp.config import SmtpConfig

SUBJECT: Final = 250  # characters; the rest is cut


class Letterhead:
    """Makes the mails of one sink."""

    def __init__(self, config: SmtpConfig) -> None:
        self._config = config
        self._subject = Template(config.subject)
        self._body = Template(BODY if config.body is None else config.body)

    def write(self, event: CloudEvent) -> bytes:
        """The mail, 7 bits wide; the same event has the same Message-ID each time.

        Raises:
            Reject: the event lacks what a template reads; the reason names the key.
        """
        inputs, fuel = Inputs.of(event), Fuel()
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self._config.sender
        mail["To"] = ", ".join(self._config.to)
        mail["Subject"] = _line(_told("subject", self._subject, inputs, fuel))
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = message_id(event, self._config.sender)
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: answers of machines are not wanted
        mail.set_content(_told("body", self._body, inputs, fuel), cte="quoted-printable")
        return mail.as_bytes()


def message_id(event: CloudEvent, sender: str) -> str:
    """``<hash of source and id@domain of the sender>``: a mail server or reader can tell that it has it already."""
    digest = sha256(f"{event.source}\n{event.id}".encode()).hexdigest()
    return f"<{digest[:40]}@{sender.rpartition('@')[2]}>"


def _told(key: str, template: Template, inputs: Inputs, fuel: Fuel) -> str:
    try:
        return template.render(*inputs, fuel)
    except Unfit as error:
        raise Reject(f"{key}: {error}") from None


def _line(text: str) -> str:
    """One line of printable text."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= SUBJECT else f"{line[: SUBJECT - 1]}…"
