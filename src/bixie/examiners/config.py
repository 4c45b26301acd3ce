"""The options of one examination, gathered once and handed on whole."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bixie.examiners.files import Reader
from bixie.examiners.registry import Examiners, find_examiners
from bixie.imaging.limits import Limits
from bixie.kit.progress import Progress, no_progress

if TYPE_CHECKING:
    from bixie.examiners.order import Order  # needs pydantic, which most examinations do not

__all__ = ["ExaminationConfig"]


@dataclass(frozen=True, slots=True)
class ExaminationConfig:
    """How the files of one claim are examined.

    Parameters
    ----------
    order : Order or None
        The checked order document.
    show_place : bool
        Let findings carry the coordinates that a file holds.
    limits : Limits
        Bounds on hostile files; by default those of the environment.
    workers : int or None
        Files examined at the same time; None for one a core, at most four.
    keep_views : bool
        Keep the small pictures that the report page shows.
    progress : Progress
        Called with the number of exhibits done and in total.
    examiners : Examiners
        By default every one that is installed.
    read : callable or None
        Reads files that are named otherwise than by a path.

    Raises
    ------
    SettingError
        If a limit set by the environment is no number.
    """

    order: "Order | None" = None
    show_place: bool = False
    limits: Limits = field(default_factory=Limits.from_environment)
    workers: int | None = None
    keep_views: bool = True
    progress: Progress = no_progress
    examiners: Examiners = field(default_factory=find_examiners)
    read: Reader | None = None
