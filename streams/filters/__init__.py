"""Which events a route wants, beyond their subject: filter dialects."""
