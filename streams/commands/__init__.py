"""What people ask for in person: from their words to an action, and to the words that they hear; pure."""
