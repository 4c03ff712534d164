"""HTTP in, Kafka out: the CloudEvents of every accepted request on the events topic, answered after the broker's ack.

One kind of sender per file in :mod:`ingest.webhook.adapters`. The process starts in :mod:`ingest.webhook.service`.
"""
