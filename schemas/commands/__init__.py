"""Records of what people ask for in a chat or at a command line, and of what they hear; one noun per file."""
