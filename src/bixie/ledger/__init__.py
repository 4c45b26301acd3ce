"""What happened, in order and for good: hash-chained events, checkpoints over them, proofs of single ones."""
