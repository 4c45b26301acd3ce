"""Durable jobs: written down with the change that asks for them, done once, again when they fail."""
