"""What a ledger looks up; each index is made of the decisions alone, in whatever order they come."""
