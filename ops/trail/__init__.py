"""The audit topic, read: who did what, and what was decided."""
