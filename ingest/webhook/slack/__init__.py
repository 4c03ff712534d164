"""What Slack sends, and what it wants to hear: forms, texts and payloads, one noun per file."""
