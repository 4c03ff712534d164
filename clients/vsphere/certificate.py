"""The certificate that a vCenter shows: what an operator wants to know of it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, Self

from cryptography import x509

if TYPE_CHECKING:
    from datetime import datetime


class Certificate(NamedTuple):
    """A server's certificate.

    Attributes:
        subject: whom it names, as RFC 4514 writes it.
        expires: its last instant, UTC.
        fingerprint: SHA-256 over the whole of it, 64 lower-case hexadecimal digits.
    """

    subject: str
    expires: datetime
    fingerprint: str

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """The certificate in DER.

        Raises:
            ValueError: it is none.
        """
        parsed = x509.load_der_x509_certificate(der)
        return cls(parsed.subject.rfc4514_string(), parsed.not_valid_after_utc, sha256(der).hexdigest())
