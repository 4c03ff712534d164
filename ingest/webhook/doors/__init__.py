"""Whom the server lets in: one way to prove it per file, put together by :mod:`ingest.webhook.doors.door`."""
