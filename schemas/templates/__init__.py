"""The template language of the configuration: a small part of Jinja over one event, whose cost is bounded."""
