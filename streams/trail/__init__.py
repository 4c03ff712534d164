"""The audit, read: what was decided and done, by whom, when."""
