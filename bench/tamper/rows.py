"""Kinds of tampering with rows and files: exhibits, reports, orders, holds, retention rules."""

from bench.tamper.kinds import Kind

__all__ = ["KINDS"]

KINDS: list[Kind] = []
"""What is done to rows and files."""
