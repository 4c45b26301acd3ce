"""Files that lie under names of our own, examined under the names that people gave them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bixie.examiners.config import ExaminationConfig
from bixie.examiners.files import Reader
from bixie.examiners.known import load_known
from bixie.examiners.order import Order
from bixie.examiners.runner import examine_claim
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source, source_from_bytes
from bixie.kit.progress import Progress
from bixie.report.examination import Report
from bixie.report.record import make_record

__all__ = ["Given", "examine_given"]


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was given to the page.

    Parameters
    ----------
    name : str
        As the person knows it; unique on its side. The report calls the file so.
    path : Path
        Where it lies meanwhile.
    """

    name: str
    path: Path


def examine_given(
    claim: Sequence[Given],
    known: Sequence[Given],
    order: Order | None,
    *,
    limits: Limits,
    on_known: Progress,
    on_claim: Progress,
) -> Report:
    """Examine the files of one claim.

    Parameters
    ----------
    claim, known : sequence of Given
        The buyer's files, and the pictures that the person vouches for.
    order : Order or None
        What is known of the order.
    limits : Limits
    on_known, on_claim : Progress
        Told how many files of each side are done, and of how many.

    Returns
    -------
    Report
    """
    pictures = load_known([one.name for one in known], limits=limits, read=_reader(known), progress=on_known)
    config = ExaminationConfig(order=order, limits=limits, read=_reader(claim), progress=on_claim)
    result = examine_claim([one.name for one in claim], pictures, config)
    return Report(result, "", make_record(order))


def _reader(files: Sequence[Given]) -> Reader:
    paths = {one.name: one.path for one in files}

    def read(name: str, _limits: Limits) -> Source:
        try:
            data = paths[name].read_bytes()  # its size was checked when it arrived
        except OSError as error:
            raise ImagingError("imaging.unreadable_path", path=name) from error
        return source_from_bytes(name, data)

    return read
