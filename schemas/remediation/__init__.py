"""What passes between resolver, decider and executor of remediation, and what they tell the audit."""
