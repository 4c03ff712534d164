"""Data that are too large for the bus, kept in S3; the event goes on with a reference to them.

The form is CloudEvents' own, the extension ``dataref`` (a claim check): the object holds the data as they are, with
their content type, and the event has everything else. An object is named by the hash of what is in it, so a second
delivery writes the same one again, and a reader can tell whether it is whole.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from schemas.errors import Retry, Unavailable
from sinks.eventbridge.verdict import FAILURES, of_call

if TYPE_CHECKING:
    from clients.aws.session import Session
    from schemas.cloudevents import CloudEvent
    from sinks.eventbridge.config import OffloadConfig


class Offload:
    """Blocks for an answer, so its methods belong into threads, which may share it.

    Args:
        config: which bucket.
        session: who we are.

    Raises:
        Refused: no client can be made of what configuration and environment say.
    """

    def __init__(self, config: OffloadConfig, session: Session) -> None:
        self._config = config
        self._client = session.client("s3", config.endpoint)

    def keep(self, event: CloudEvent) -> CloudEvent:
        """Store the data of an event; the event that stands for it has ``dataref`` instead.

        Raises:
            Retry: not now.
            Unavailable: the bucket is away, not there, or not for us; what S3 refuses is never the data's fault.
        """
        data = event.data or b""
        key = f"{self._config.prefix}{sha256(data).hexdigest()}"
        try:
            self._client.put_object(
                Bucket=self._config.bucket,
                Key=key,
                Body=data,
                ContentType=event.datacontenttype or "application/octet-stream",
            )
        except FAILURES as error:
            verdict = of_call(error)
            where = f"cannot keep data in s3://{self._config.bucket}: {verdict.reason}"
            if isinstance(verdict, Retry):
                raise Retry(where, status=verdict.status, after=verdict.after) from None
            raise Unavailable(where, status=verdict.status) from None
        return replace(
            event, data=None, extensions={**event.extensions, "dataref": f"s3://{self._config.bucket}/{key}"}
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()
