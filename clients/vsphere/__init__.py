"""vCenter connections: session, property reading, task waiting, target look-up. No business rule lives here."""
