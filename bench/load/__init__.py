"""Runs under load: processes killed at random instants, and how long an upload takes."""
