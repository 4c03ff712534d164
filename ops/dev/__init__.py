"""The local stack: a real Kafka, two vCenter simulators and RabbitMQ, without containers."""
