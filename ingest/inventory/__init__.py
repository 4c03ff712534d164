"""What vCenters know of their entities → Kafka, one record per entity."""
