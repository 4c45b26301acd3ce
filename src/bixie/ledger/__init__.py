"""The append-only record: hash-chained events, checkpoints over them, and proofs of single events."""
