"""What the actions may be told: models that know nothing of pyvmomi."""
