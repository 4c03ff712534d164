"""The section ``commands``: who may ask for what in person, and what new machines are like; one noun per file."""
