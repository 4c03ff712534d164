"""Kafka to decision to sink: transport, router, delivery."""
