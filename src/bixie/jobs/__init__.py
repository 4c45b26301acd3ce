"""Durable jobs: written with the change that asks for them, done once, retried on failure."""
