"""The role that hears what people ask for, and has it decided on, or answers at once."""
