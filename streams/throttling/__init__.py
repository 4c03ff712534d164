"""Routes that act once for many events: what passes is decided by the times at which events reached Kafka."""

from __future__ import annotations
