"""Where events come from: the contract, a live vCenter, and what goes with its session."""
