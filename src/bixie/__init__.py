"""Bixie (辟邪) examines claim photos: whether one was made from a picture we know and what was changed in it.

::

    from bixie import examine

    report = examine(["claim.jpg"], known=["listing.jpg"])
    report.save("report")
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bixie.version import __version__

if TYPE_CHECKING:
    from bixie.examine.known import KnownPictures, load_known
    from bixie.examine.results import Verdict
    from bixie.kit.errors import BixieError
    from bixie.report.examination import Report, examine

__all__ = ["BixieError", "KnownPictures", "Report", "Verdict", "__version__", "examine", "load_known"]

# Name to the module that holds it. Loaded at first use: OpenCV alone takes longer than `import bixie` may.
_LAZY = {
    "BixieError": "bixie.kit.errors",
    "KnownPictures": "bixie.examine.known",
    "Report": "bixie.report.examination",
    "Verdict": "bixie.examine.results",
    "load_known": "bixie.examine.known",
}


class _CallableRoom(ModuleType):
    """The room ``bixie.examine``, which is also the function `bixie.examine`.

    Importing anything below the room makes Python set the attribute ``examine`` of this package to the
    module. Whichever import comes first, both meanings of the name must hold.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Examine a claim; see `bixie.report.examination.examine`."""
        from bixie.report.examination import examine as function  # noqa: PLC0415 - loads OpenCV

        return function(*args, **kwargs)


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


import_module("bixie.examine").__class__ = _CallableRoom
