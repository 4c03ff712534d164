"""Events that have been: read again from Kafka, and written once more for the sinks that are named."""
