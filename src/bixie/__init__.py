"""Bixie (辟邪) examines claim photos: whether one was made from a picture we know and what was changed in it.

::

    from bixie import examine

    report = examine(["claim.jpg"], known=["listing.jpg"])
    report.save("report")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bixie.version import __version__

if TYPE_CHECKING:
    from bixie.examiners.known import KnownPictures, load_known
    from bixie.examiners.results import Verdict
    from bixie.kit.errors import BixieError
    from bixie.report.examination import Report, examine

__all__ = ["BixieError", "KnownPictures", "Report", "Verdict", "__version__", "examine", "load_known"]

# Name to the module that holds it. Loaded at first use: OpenCV alone takes longer than `import bixie` may.
_LAZY = {
    "BixieError": "bixie.kit.errors",
    "KnownPictures": "bixie.examiners.known",
    "Report": "bixie.report.examination",
    "Verdict": "bixie.examiners.results",
    "examine": "bixie.report.examination",
    "load_known": "bixie.examiners.known",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
