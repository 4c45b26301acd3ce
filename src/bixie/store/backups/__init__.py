"""A store in a folder, and back: rows, files, and a manifest with their hashes."""
