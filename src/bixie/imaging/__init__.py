"""Hostile bytes to structure and pixels. Limits come before work; every refusal is a typed error."""
