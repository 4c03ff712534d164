"""One kind of sender per file: a pure function from its request to CloudEvents (``ingest.webhook.adapter``)."""
