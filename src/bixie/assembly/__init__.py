"""Puts a service or a worker together from settings.

Import this, never `bixie.cli`, to embed Bixie in another program.
"""
