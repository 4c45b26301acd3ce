"""Tenants, parties, people, keys, signed links, sessions and consents."""
