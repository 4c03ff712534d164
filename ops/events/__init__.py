"""Events as an operator names them: in a file, on standard input, at a place in Kafka, or as they come."""
