"""HTTP in, Kafka out: every accepted request is one CloudEvent on the events topic, answered after the broker's ack.

One file per adapter: :mod:`ingest.webhook.cloudevents` (POST /events), :mod:`ingest.webhook.log_alert`
(POST /alerts/log). The process starts in :mod:`ingest.webhook.service`.
"""
