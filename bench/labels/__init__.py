"""Marks in every container that can hold them, written byte by byte and by other programs."""
