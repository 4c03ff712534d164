"""From an event to a committed record in Kafka, exactly once."""
