"""Evidence: exact bytes by their hashes, and custody on record at every touch."""
