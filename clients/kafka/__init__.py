"""Kafka through librdkafka: client properties, the publisher, topic administration."""
