"""What an examiner is, and what it is given.

Examiners are pure: the same exhibit and context, the same findings.
Known pictures, the order and an archive reach them through the small types here.
An examiner may also have an attribute ``presentation``: its name, words and panel for report and page, as a
`bixie.examiners.presentation.Presentation`. Without it the report uses general words.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable

from bixie.examiners.results import FileError, Finding, NotApplicable
from bixie.imaging.decode import Picture
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source
from bixie.imaging.structure import Structure
from bixie.imaging.structure.traces import FileTraces

__all__ = [
    "AnyExaminer",
    "Container",
    "ContainerExaminer",
    "Context",
    "Examiner",
    "Exhibit",
    "Known",
    "PreparesKnown",
    "Statement",
    "Vouching",
]

Derived = TypeVar("Derived")

Vouching: TypeAlias = Literal["caller", "record", "nobody"]
"""What says that a known picture is older than the claim and not the buyer's own: the caller's word, a record
made before the claim's file was received, or nothing (``nobody``)."""

Statement: TypeAlias = Finding | NotApplicable | FileError


@dataclass(frozen=True, slots=True)
class Container:
    """A file as bytes and structure, without pixels. A video has these even where it cannot be decoded.

    Parameters
    ----------
    path : str
        Exactly as the caller gave it.
    source : Source
    structure : Structure
    limits : Limits
        Within which its inside may be read.
    """

    path: str
    source: Source
    structure: Structure
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file of the claim, read and decoded once for all examiners.

    Parameters
    ----------
    path : str
        Exactly as the caller gave it.
    source : Source
        The bytes, their hash, the sniffed media type.
    structure : Structure
        The container walk.
    picture : Picture
        Pixels on the displayed grid, at the examining size.
    """

    path: str
    source: Source
    structure: Structure
    picture: Picture


@dataclass(frozen=True, eq=False)
class Known:
    """A known picture: a listing photo, a packing frame, an earlier exhibit.

    Compared by identity. Examiners keep what they derive from it in `derived` through `derive`: a known
    picture is analysed once for all exhibits.

    Parameters
    ----------
    path : str
        Exactly as the caller gave it; a video's frames share the video's path.
    sha256 : str
        Of the file.
    picture : Picture
    data : dict
        Facts that travel into a finding's ``data``: ``time_s`` of a video frame, for instance.
    traces : FileTraces
        What its container says of earlier savings and programs.
    vouched_by : {"caller", "record", "nobody"}
        With ``nobody``, a link does not say which of the two is older.
    clock_agrees : bool
        False where the times of the record contradict its order, which counts.
    fixed_camera : bool
        Whether whoever gave it marked it as taken by a camera that stands still: a second exposure of the
        same scene is likely then.
    derived : dict
        Cache, by examiner name.
    """

    path: str
    sha256: str
    picture: Picture
    data: dict[str, Any] = field(default_factory=dict)
    traces: FileTraces = field(default_factory=FileTraces)
    vouched_by: Vouching = "caller"
    clock_agrees: bool = True
    fixed_camera: bool = False
    derived: dict[str, Any] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock, repr=False)

    def derive(self, name: str, compute: Callable[[Picture], Derived]) -> Derived:
        """Return `compute` of the picture, computed once even when several exhibits need it at the same time.

        Parameters
        ----------
        name : str
            Of the examiner, or beginning with it.
        compute : callable
        """
        with self._lock:
            if name not in self.derived:
                self.derived[name] = compute(self.picture)
            derived: Derived = self.derived[name]
        return derived


@dataclass(frozen=True, slots=True)
class Context:
    """What is known from outside the exhibit.

    Parameters
    ----------
    known : sequence of Known
        The pictures the caller vouches for.
    order : mapping or None
        The order document (docs/reference/order.md), already validated.
    show_place : bool
        Whether findings may carry the coordinates that a file holds.
    workers : int
        Threads that one examiner may use.
    examiner_seconds : int
        How long an examiner of another package may take for one picture or file.
    """

    known: Sequence[Known] = ()
    order: dict[str, Any] | None = None
    show_place: bool = False
    workers: int = 1
    examiner_seconds: int = Limits().examiner_seconds


@runtime_checkable
class Examiner(Protocol):
    """A pure function from an exhibit and its context to findings."""

    @property
    def name(self) -> str:
        """Stable name, as findings carry it."""
        ...

    def examine(self, exhibit: Exhibit, context: Context) -> Iterable[Statement]:
        """Return findings about `exhibit`, or `NotApplicable` with the reason.

        A `FileError` becomes a warning of the exhibit, shown first on the page.
        """
        ...


@runtime_checkable
class ContainerExaminer(Protocol):
    """A pure function from a file's bytes and structure to findings, called for videos too.

    One examiner may be both: `examine` is then called for its pixels (a photo, each frame of a video)
    and `examine_container` once for the file.
    """

    @property
    def name(self) -> str:
        """Stable name, as findings carry it."""
        ...

    def examine_container(self, container: Container, context: Context) -> Iterable[Statement]:
        """Return what the container of the file says."""
        ...


@runtime_checkable
class PreparesKnown(Protocol):
    """An examiner that computes ahead what it derives from a known picture.

    Known pictures are prepared when they are read, several at the same time; `Known.derive` keeps the result.
    """

    def prepare_known(self, known: Known) -> None:
        """Compute what `examine` will ask of `known`."""
        ...


AnyExaminer: TypeAlias = Examiner | ContainerExaminer
