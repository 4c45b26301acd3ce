"""People as programs add, invite, change and disable them."""
