"""Other event routers' configuration, read as ours: pure functions from a file's documents to a configuration."""
