"""A header that proves who has sent a body: HMAC over it with a key that both sides know."""

from __future__ import annotations

import hmac
import time
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field, field_validator

from clients.http import plain_lines
from schemas.config import Fault, Model, Secret
from sinks.fresh import Fresh

if TYPE_CHECKING:
    from collections.abc import Callable

Algorithm = Literal["sha256", "sha512"]
Format = Literal["body", "timestamped"]

HEADER: Final = "X-Hub-Signature-256"


class SignatureConfig(Model):
    """How the body of every request is signed."""

    secret: Secret = Field(description="Key that the receiver knows, too.")
    header: str = Field(HEADER, min_length=1, max_length=100, description="Header that carries the signature.")
    algorithm: Algorithm = Field("sha256", description="Hash inside the HMAC.")
    format: Format = Field(
        "body",
        description="body: sha256=HEX, of the body; timestamped: t=SECONDS,v1=HEX, of SECONDS.BODY, which a receiver "
        "can refuse when it is old.",
    )

    @field_validator("header")
    @classmethod
    def _is_a_header(cls, name: str) -> str:
        try:
            plain_lines([(name, "x")])
        except ValueError as error:
            raise Fault(str(error), "write a name of letters, digits and -") from None
        if name.lower() in {"authorization", "content-type", "content-length", "host"} or name.lower()[:3] == "ce-":
            raise Fault(f"is {name}, which has another meaning", "name a header of its own")
        return name


class Signature:
    """Signs bodies; a rotated key is used within a second.

    Args:
        config: how.
        now: unix time in seconds.
    """

    def __init__(self, config: SignatureConfig, *, now: Callable[[], float] = time.time) -> None:
        self._algorithm = config.algorithm
        self._timestamped = config.format == "timestamped"
        self._header = config.header.encode("ascii")
        self._key = Fresh(lambda: config.secret.reveal().encode())
        self._now = now

    def line(self, body: bytes) -> bytes:
        """The header line for one body.

        Raises:
            Refused: the key is gone.
        """
        key = self._key.get()
        if not self._timestamped:
            signed = hmac.digest(key, body, self._algorithm).hex()
            return b"%b: %b=%b" % (self._header, self._algorithm.encode(), signed.encode())
        seconds = b"%d" % int(self._now())
        signed = hmac.digest(key, b"%b.%b" % (seconds, body), self._algorithm).hex()
        return b"%b: t=%b,v1=%b" % (self._header, seconds, signed.encode())
