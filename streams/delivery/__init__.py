"""Sink topics to sinks: attempts, pauses and dead letters around every connector, once."""
