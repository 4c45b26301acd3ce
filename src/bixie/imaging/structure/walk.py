"""Chooses the walker that fits a file's media type."""

from bixie.imaging.limits import Limits
from bixie.imaging.source import Source
from bixie.imaging.structure.model import Structure

__all__ = ["walk"]


def walk(source: Source, limits: Limits) -> Structure:
    """Return the container structure of `source`."""
    return Structure(source.media_type, source.data)
