"""The operator's room: command line, local stack, demo."""
