"""Connections that several parts need: Kafka, vSphere, HTTP. No business rule."""
