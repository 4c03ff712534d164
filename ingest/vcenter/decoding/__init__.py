"""SOAP bytes of a page → events with their JSON bodies."""
