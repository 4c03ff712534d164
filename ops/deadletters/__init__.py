"""The desk of dead letters: which there are, which are open, and what becomes of them."""
