"""Paths of the files that verification reads; everything else in a package is for people."""

__all__ = ["EVENTS", "EXHIBITS", "OPENINGS", "PROOFS", "REDACTIONS", "STAMPS"]

EVENTS = "ledger/events.jsonl"
"""Bodies of the ledger's events, one a line, by their numbers."""
PROOFS = "ledger/proofs.json"
"""The checkpoint, its signature, and the path of hashes from each event to it."""
STAMPS = "ledger/stamps.json"
"""Time stamps over the checkpoint."""
OPENINGS = "ledger/openings.json"
"""Salt and value of the commitments that are opened."""
REDACTIONS = "ledger/redactions.json"
"""The commitments that stay closed, and why."""
EXHIBITS = "exhibits.json"
"""Which file is which exhibit, and which event says that it was received."""
