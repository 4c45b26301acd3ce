"""Places outside of the store that are told every checkpoint, and what they show about a ledger later."""
