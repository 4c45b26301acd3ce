"""Pages of administration: people, keys, webhooks, tasks, audit, ledger, error board, one's own account."""
