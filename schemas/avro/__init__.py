"""Avro for analysts: the schemas, and events as rows of them."""
