"""The crisis: events that end in actions on vSphere, told by ``reflexarc demo crisis``."""
