"""The role that carries out what was decided, once."""
