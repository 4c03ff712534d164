"""One connection to a mail server, and what its failures mean."""

from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING

from schemas.errors import DeliveryError, Refused, Reject, Retry, Unavailable
from sinks import tls

if TYPE_CHECKING:
    from sinks.smtp.config import SmtpConfig

_CLOSING = 421  # RFC 5321 §4.2.2: the server goes away
_TOO_LARGE = frozenset({523, 552})


def connect(config: SmtpConfig) -> smtplib.SMTP:
    """A connection, encrypted and logged in as configured; blocks.

    Raises:
        Unavailable: nobody there, or nobody to be trusted.
        Refused: the server does not encrypt, or does not accept the account.
    """
    host, port = config.server
    connection: smtplib.SMTP | None = None
    try:
        if config.security == "tls":
            connection = smtplib.SMTP_SSL(
                host, port, timeout=config.timeout, context=tls.context(config.ca_file, insecure=config.insecure)
            )
        else:
            connection = smtplib.SMTP(host, port, timeout=config.timeout)
        connection.ehlo_or_helo_if_needed()
        if config.security == "starttls":
            connection.starttls(context=tls.context(config.ca_file, insecure=config.insecure))
        if config.username is not None and config.password is not None:
            connection.login(config.username, config.password.reveal())
    except (smtplib.SMTPException, OSError, ValueError, Refused) as error:
        if connection is not None:
            connection.close()
        raise _unfit(f"{host}:{port}", error) from None
    return connection


def alive(connection: smtplib.SMTP) -> bool:
    """Whether a connection that has been idle still works; closes it when not."""
    try:
        if connection.noop()[0] == 250:
            return True
    except (smtplib.SMTPException, OSError):
        pass
    connection.close()
    return False


def hand_over(connection: smtplib.SMTP, config: SmtpConfig, mail: bytes) -> DeliveryError | None:
    """Send one mail; what it means when the server has not taken it for every address."""
    try:
        refused = connection.sendmail(config.sender, config.to, mail)
    except smtplib.SMTPRecipientsRefused as error:
        return _worst([_of_addresses(code, text) for code, text in error.recipients.values()])
    except smtplib.SMTPSenderRefused as error:
        return _of_addresses(error.smtp_code, error.smtp_error)
    except smtplib.SMTPResponseException as error:
        return verdict(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        return Retry(f"the mail server broke off: {_sentence(str(error))}")
    if not refused:
        return None
    # The other addresses have the mail: to wait for this one would bring it to them again and again.
    return _worst([verdict(code, text) for code, text in refused.values()])


def verdict(code: int, text: bytes | str) -> DeliveryError:
    """What a refusal means for the mail (RFC 5321 §4.2.1): 4xx not now, 421 the server goes away, 5xx never."""
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    reason = f"answered {code} {_sentence(said)}"
    if code == _CLOSING or code < 0:
        return Unavailable(reason, status=str(code))
    return Reject(reason, status=str(code)) if code >= 500 else Retry(reason, status=str(code))


def _of_addresses(code: int, text: bytes | str) -> DeliveryError:
    """What it means that nobody's address is accepted: they are those of the configuration, no event is to blame.

    Except for its size, which a client tells with the sender (RFC 1870 §6).
    """
    found = verdict(code, text)
    if isinstance(found, Reject) and code not in _TOO_LARGE:
        return Unavailable(found.reason, status=found.status)
    return found


def _worst(verdicts: list[DeliveryError]) -> DeliveryError:
    """What of it leads furthest: to try again, before waiting for a person, before giving up."""
    return min(verdicts, key=lambda each: (not isinstance(each, Retry), not isinstance(each, Unavailable)))


def _unfit(server: str, error: Exception) -> Exception:
    if isinstance(error, Refused):
        return error
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return Refused(f"{server} does not accept the account ({error.smtp_code})", cure="check its password")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        cure = "write security: tls or none, and leave out an account that it does not want"
        return Refused(f"{server} does not offer what is configured: {_sentence(str(error))}", cure=cure)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unavailable(f"cannot trust {server}: {_sentence(error.verify_message)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return Unavailable(f"{server} answered {error.smtp_code}", status=str(error.smtp_code))
    return Unavailable(f"cannot reach {server}: {_sentence(str(error))}")


def _sentence(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text[:200]).split()) or "no reason given"
