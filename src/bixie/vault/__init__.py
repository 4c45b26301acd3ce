"""Evidence: exact bytes by their hashes, and a custody event for every access."""
