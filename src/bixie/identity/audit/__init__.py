"""The audit: who signed in or failed to, and who changed people, keys and passwords."""
