"""Examining what lies in the vault: from an exhibit to a report, which is kept as an exhibit of its own."""
