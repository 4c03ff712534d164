"""One kind of sender, one file: from its request to CloudEvents, without I/O (docs/webhook-adapters.md)."""
