"""What all parts agree on: CloudEvent and bindings, topics, configuration, the error tree. No I/O."""
