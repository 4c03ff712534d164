"""What an operator asks and tells remediation: the kill switch, what waits for an answer, what was done."""
