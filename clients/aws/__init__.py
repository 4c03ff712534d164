"""Amazon Web Services: what EventBridge is asked."""
