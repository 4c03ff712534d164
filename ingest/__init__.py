"""Outside world to Kafka: vCenter tails and the webhook server."""
