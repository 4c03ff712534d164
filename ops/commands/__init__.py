"""What somebody at a command line asks for in person: the same verbs as in a chat, heard by the same role."""
