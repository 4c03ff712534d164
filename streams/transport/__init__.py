"""A Faust transport on librdkafka that keeps the promise "committed only when done".

Registered under the entry-point group ``faust.transports`` as ``reflexarc``; chosen by
``broker_consumer="reflexarc://"``. docs/transport.md draws the parts.
"""

from __future__ import annotations

from streams.transport.chunk import Chunk
from streams.transport.driver import Transport
from streams.transport.lease import Lease, Revoked
from streams.transport.record import Record

__all__ = ["Chunk", "Lease", "Record", "Revoked", "Transport"]
