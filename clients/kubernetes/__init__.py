"""The Kubernetes API, as far as it takes to follow one object. No business rule lives here."""
