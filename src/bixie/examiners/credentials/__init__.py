"""Content Credentials (C2PA): what a file's signed history says, and whether it still belongs to the file."""
