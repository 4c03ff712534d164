"""Actions on vSphere inside limits: one role decides, another one carries out."""
