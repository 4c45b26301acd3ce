"""The command ``bixie``: one file a command."""
