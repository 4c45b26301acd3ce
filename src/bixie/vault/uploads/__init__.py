"""Uploads in parts, resumed after a break."""
