"""Find the examiners: folders of this package, and entry points of other packages.

An examiner is added by dropping in ``bixie/examiners/<name>/examiner.py`` with an attribute ``EXAMINER``,
or by the entry point group ``bixie.examiners`` of any installed package. Nothing else lists it.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from types import SimpleNamespace
from typing import cast

from bixie.examiners.presentation import Presentation
from bixie.examiners.protocol import AnyExaminer, ContainerExaminer, Examiner
from bixie.examiners.results import FileError
from bixie.kit.messages import catalogue
from bixie.kit.reasons import plain_reason

__all__ = [
    "ENTRY_POINT_GROUP",
    "Examiners",
    "find_examiners",
    "is_own",
    "own_examiners",
    "presentation_of",
]

ENTRY_POINT_GROUP = "bixie.examiners"

_PACKAGE = "bixie.examiners"
_CALLS = ("examine", "examine_container")


@dataclass(frozen=True, slots=True)
class Examiners:
    """The examiners of this installation.

    Parameters
    ----------
    examiners : tuple of Examiner or ContainerExaminer
        Our own by name, then those of other packages by name: the same order on every run. An examiner
        of another package is replaced by an object that keeps its name and presentation as first read.
    warnings : tuple of FileError
        About those of other packages that could not be used.
    """

    examiners: tuple[AnyExaminer, ...]
    warnings: tuple[FileError, ...] = ()

    @property
    def presentations(self) -> Mapping[str, Presentation]:
        """How each examiner presents itself, by its name, in their order."""
        return {examiner.name: presentation_of(examiner) for examiner in self.examiners}


def find_examiners() -> Examiners:
    """Return every examiner that is installed.

    Raises
    ------
    ImportError, AttributeError, TypeError
        If one of our own folders is broken: a defect of this package. An entry point of another package
        that is broken, or that takes a name already taken, becomes a warning instead.
    """
    found: dict[str, AnyExaminer] = {examiner.name: examiner for examiner in own_examiners()}
    warnings: list[FileError] = []
    points = metadata.entry_points(group=ENTRY_POINT_GROUP)
    for point in sorted(points, key=lambda point: (point.name, point.value)):
        try:
            examiner = _read_once(_checked(point.load()))
            if examiner.name in found:
                raise ValueError(f"the name {examiner.name} is taken")
            found[examiner.name] = examiner
        except Exception as error:  # another package's code: no exception of it may stop us
            warnings.append(_warning(point, error))
    return Examiners(tuple(found.values()), tuple(warnings))


@cache
def own_examiners() -> tuple[AnyExaminer, ...]:
    """Return the examiners of this package's folders, by name.

    Raises
    ------
    ImportError, AttributeError, TypeError
        If a folder is broken.
    """
    modules = (importlib.import_module(f"{_PACKAGE}.{name}.examiner") for name in _own_folders())
    return tuple(_checked(module.EXAMINER) for module in modules)


def is_own(examiner: AnyExaminer) -> bool:
    """Return whether an examiner is of this package."""
    return any(examiner is one for one in own_examiners())


def presentation_of(examiner: AnyExaminer) -> Presentation:
    """Return how `examiner` presents itself; in general words where it has no attribute ``presentation``.

    Raises
    ------
    TypeError
        If that attribute is something else.
    """
    presentation = getattr(examiner, "presentation", None)
    if presentation is None:
        return Presentation.unnamed(examiner.name)
    if not isinstance(presentation, Presentation):
        raise TypeError(f"the presentation of {examiner.name} is a {type(presentation).__name__}")
    return presentation


def _own_folders() -> list[str]:
    folders = (entry for entry in resources.files(_PACKAGE).iterdir() if entry.is_dir())
    return sorted(folder.name for folder in folders if folder.joinpath("examiner.py").is_file())


def _checked(candidate: object) -> AnyExaminer:
    if not isinstance(candidate, Examiner | ContainerExaminer):
        raise TypeError(f"{candidate!r} is no examiner: it needs a name and examine() or examine_container()")
    return candidate


def _read_once(examiner: AnyExaminer) -> AnyExaminer:
    """Return an object with the attributes of `examiner`, read and checked once.

    An attribute of another package's examiner may be a property that raises when it is read again.
    """
    name, presentation = examiner.name, getattr(examiner, "presentation", None)
    if not isinstance(name, str) or not name:
        raise TypeError(f"{name!r} is no name of an examiner")
    given = presentation_of(SimpleNamespace(name=name, presentation=presentation))
    # A new object checks its fields: those of the given one may have changed since its own check.
    checked = Presentation(given.words, given.effects, given.telling, given.asks_for_photo, given.panel)
    calls = {call: getattr(examiner, call) for call in _CALLS if hasattr(examiner, call)}
    return cast("AnyExaminer", SimpleNamespace(name=name, presentation=checked, **calls))


def _warning(point: metadata.EntryPoint, error: Exception) -> FileError:
    code = "examine.plugin_unusable"
    text = catalogue(_PACKAGE).text(code, name=point.name, value=point.value, reason=plain_reason(error))
    return FileError(code, text)
