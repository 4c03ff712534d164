"""The role that decides, fast and in order, and remembers what it has decided."""
