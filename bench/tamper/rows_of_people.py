"""Kinds of tampering with rows of identity and notices: tenants, parties, people, keys, webhooks."""

from bench.tamper.kinds import Kind

__all__ = ["KINDS"]

KINDS: list[Kind] = []
"""What is done to rows of people."""
