"""The report folder: ``report.json``, ``index.html`` and ``masks/``. Nothing is ever written outside it.

Each file is written beside its place and moved there in one step: a reader finds the old file or the new one,
never half of one.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from stat import S_ISDIR

import cv2
import numpy as np

from bixie.examiners.results import ClaimResult, ExhibitResult
from bixie.kit.errors import BixieError
from bixie.kit.reasons import plain_reason
from bixie.report.document import annotation_mask_path, json_bytes, mask_path, to_document
from bixie.report.record import Record

__all__ = [
    "DOCUMENT",
    "PAGE",
    "SavingError",
    "check_folder",
    "mask_files",
    "on_displayed_grid",
    "page_bytes",
    "save_parts",
    "save_report",
]

DOCUMENT = "report.json"
PAGE = "index.html"

_MASKS = "masks"
_OUR_MASK = re.compile(r"[0-9]+-[0-9]+(-annotation)?\.png")


class SavingError(BixieError):
    """The report cannot be written there."""

    package = "bixie.report"


def check_folder(directory: Path) -> None:
    """Check, before a long examination, that a report could be written to `directory`.

    Raises
    ------
    SavingError
        ``report.not_a_folder`` if it, or its ``masks``, is a file or leads elsewhere;
        ``report.another_page`` if a page is there without a report of ours beside it;
        ``report.not_writable`` if the place cannot be read.
    """
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            if not S_ISDIR(directory.stat().st_mode):
                raise SavingError("report.not_a_folder", path=str(directory))
        above = next((parent for parent in directory.absolute().parents if parent.exists()), None)
        if above is not None and not above.is_dir():
            raise SavingError("report.not_a_folder", path=str(above))
        masks = directory / _MASKS
        # A link named "masks" would carry the pictures to wherever it points.
        if masks.is_symlink() or (masks.exists() and not masks.is_dir()):
            raise SavingError("report.not_a_folder", path=str(masks))
        if (directory / PAGE).exists() and not (directory / DOCUMENT).is_file():
            raise SavingError("report.another_page", path=str(directory / PAGE))
    except (OSError, ValueError) as error:
        raise SavingError("report.not_writable", path=str(directory), reason=plain_reason(error)) from error


def save_report(result: ClaimResult, record: Record, page: str, directory: Path) -> Path:
    """Write the report of `result` into `directory`, which is made if it is missing.

    Parameters
    ----------
    result : ClaimResult
    record : Record
    page : str
        The finished HTML.
    directory : Path
        An earlier report in it is replaced; other files are left alone.

    Returns
    -------
    Path
        Of the page.

    Raises
    ------
    SavingError
        If the folder cannot be written.
    """
    document = json_bytes(to_document(result, record, with_masks=True))
    return save_parts(_in_order(mask_files(result), document, page_bytes(page)), directory)


def save_parts(parts: Iterable[tuple[str, bytes]], directory: Path) -> Path:
    """Write the parts of a report into `directory`, which is made if it is missing.

    Parameters
    ----------
    parts : iterable of (str, bytes)
        ``report.json``, ``index.html`` and masks, by the path in the report folder.
    directory : Path
        An earlier report in it is replaced; other files are left alone.

    Returns
    -------
    Path
        Of the page; of the document where there is no page.

    Raises
    ------
    SavingError
        If the folder cannot be written.
    ValueError
        For a path that no part of a report has.
    """
    check_folder(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        replaces = (directory / DOCUMENT).is_file()
        written = set()
        for name, data in parts:
            _check_part(name)
            (directory / name).parent.mkdir(exist_ok=True)
            _put(directory / name, data)
            written.add(name)
        if replaces:
            _remove_stale(directory / _MASKS, {PurePosixPath(name).name for name in written})
    except OSError as error:
        raise SavingError("report.not_writable", path=str(directory), reason=plain_reason(error)) from error
    return directory / (PAGE if PAGE in written else DOCUMENT)


def _in_order(
    masks: Iterable[tuple[str, bytes]], document: bytes, page: bytes
) -> Iterator[tuple[str, bytes]]:
    """Yield the masks first: whoever finds the document finds what it names."""
    yield from masks
    yield DOCUMENT, document
    yield PAGE, page


def _check_part(name: str) -> None:
    folder, _, file = name.rpartition("/")
    if name not in {DOCUMENT, PAGE} and not (folder == _MASKS and _OUR_MASK.fullmatch(file)):
        raise ValueError(name)


def mask_files(result: ClaimResult) -> Iterator[tuple[str, bytes]]:
    """Yield the masks of a result: the path in the report folder, and the PNG on the displayed grid.

    Raises
    ------
    OSError
        If a mask cannot be encoded.
    """
    for index, exhibit in enumerate(result.exhibits):
        for number, finding in enumerate(exhibit.findings):
            masks = {mask_path(index, number): finding.mask}
            if finding.annotation is not None:
                masks[annotation_mask_path(index, number)] = finding.annotation.mask
            yield from ((name, _png(mask, exhibit)) for name, mask in masks.items() if mask is not None)


def page_bytes(page: str) -> bytes:
    """Return the page as it is written; what of a file name is not UTF-8 is replaced."""
    return page.encode("utf-8", "replace")


def on_displayed_grid(mask: np.ndarray, width: int, height: int) -> np.ndarray:
    """Enlarge a mask to the displayed grid, with smooth outlines and no values between 0 and 255.

    Parameters
    ----------
    mask : ndarray, shape (h, w), uint8, 0 or 255
    width, height : int
        Pixels of the displayed grid.

    Returns
    -------
    ndarray, shape (height, width), uint8, 0 or 255
    """
    if mask.shape == (height, width):
        return mask
    enlarged = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.where(enlarged > 127, 255, 0).astype(np.uint8)


def _png(mask: np.ndarray, exhibit: ExhibitResult) -> bytes:
    if exhibit.width and exhibit.height:
        mask = on_displayed_grid(mask, exhibit.width, exhibit.height)
    done, data = cv2.imencode(".png", mask)
    if not done:
        raise OSError("the mask cannot be encoded")
    return data.tobytes()


def _put(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".bixie-{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _remove_stale(masks: Path, written: set[str]) -> None:
    """Remove masks of an earlier report: beside a new document they would look like its own."""
    for path in masks.iterdir() if masks.is_dir() else ():
        if _OUR_MASK.fullmatch(path.name) and path.name not in written and not path.is_dir():
            path.unlink()
