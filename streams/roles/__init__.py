"""What each role of the worker is wired with; ``streams.app`` says which there are."""
