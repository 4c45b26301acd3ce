"""One structure for every container: segments, chunks, blocks, directories and boxes as a tree of nodes.

Examiners read this instead of parsing files again; see `Structure` for what is in it.
"""

from bixie.imaging.structure.model import Node, QuantisationTable, Structure
from bixie.imaging.structure.walk import walk

__all__ = ["Node", "QuantisationTable", "Structure", "walk"]
