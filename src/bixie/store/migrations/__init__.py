"""Alembic's folder: `bixie.store.migration` runs what lies in ``versions``."""
