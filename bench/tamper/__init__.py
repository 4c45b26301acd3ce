"""Tampering with a store behind Bixie's back, and which check finds it."""
