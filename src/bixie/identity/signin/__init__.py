"""Signing in: passwords, second factor, throttling, sessions."""
