"""vCenter events → Kafka."""

from ingest.vcenter.decoding.decode import decode_page
from ingest.vcenter.event import VcenterEvent

__all__ = ["VcenterEvent", "decode_page"]
