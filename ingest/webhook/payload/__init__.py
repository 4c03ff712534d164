"""What adapters share: a JSON payload, read within bounds, and the attributes that are made of it."""
