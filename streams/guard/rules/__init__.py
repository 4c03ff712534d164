"""The guardrails, one a file; ``table.py`` says in which order they are asked."""
