"""Who may come in: tenants, parties, people, keys, signed links, sessions, and what people consented to."""
