"""What talks to a Bixie service from outside."""
