"""The document of ``bixie label compare``: what happened to the marks between two versions of a file.

Schema ``bixie.label_compare/1``. A mark is ``kept`` (perhaps elsewhere in the file), ``changed``, ``lost``,
``added`` or ``duplicated``; every mark stands in exactly one row. Nothing is judged, nothing is written.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bixie.examiners.files import expand, file_error
from bixie.examiners.label.check import open_file
from bixie.examiners.label.findings import text
from bixie.examiners.label.marks import Mark
from bixie.examiners.label.producer import Register
from bixie.examiners.results import FileError, Grade
from bixie.imaging.limits import Limits
from bixie.imaging.structure import Structure
from bixie.imaging.structure.metadata import jumbf_stores
from bixie.version import __version__

__all__ = ["SCHEMA", "STATES", "compare_document", "compare_files", "pair_up"]

SCHEMA = "bixie.label_compare/1"
STATES = ("lost", "changed", "duplicated", "added", "kept")
"""Order of the rows: what a pipeline should not have done comes first."""


def compare_document(pairs: Sequence[dict[str, Any]], unmatched: dict[str, list[str]]) -> dict[str, Any]:
    """Return the whole document.

    Parameters
    ----------
    pairs : sequence of dict
        From `compare_files`.
    unmatched : dict
        ``before`` and ``after``: files that have no partner.
    """
    counts = {
        state: sum(row["state"] == state for pair in pairs for row in pair["marks"]) for state in STATES
    }
    return {
        "schema": SCHEMA,
        "version": __version__,
        "pairs": list(pairs),
        "unmatched": unmatched,
        "counts": counts,
    }


def pair_up(before: str, after: str, limits: Limits) -> tuple[list[tuple[str, str]], dict[str, list[str]]]:
    """Return the pairs of files that two paths stand for, and the files without a partner.

    Files of two folders are paired by their path inside the folder, else by that path without its extension
    where it is unambiguous: pipelines convert.

    Parameters
    ----------
    before, after : str
        Two files, or two folders.
    limits : Limits

    Raises
    ------
    ImagingError
        If a folder cannot be listed or holds no pictures.
    """
    if not (Path(before).is_dir() and Path(after).is_dir()):
        return [(before, after)], {"before": [], "after": []}
    olds, news = (
        {os.path.relpath(path, folder): path for path in expand(folder, limits)} for folder in (before, after)
    )
    pairs = [(olds.pop(name), news.pop(name)) for name in sorted(olds.keys() & news.keys())]
    old_stems, new_stems = _by_stem(olds), _by_stem(news)
    for stem in sorted(old_stems.keys() & new_stems.keys()):
        if len(old_stems[stem]) == len(new_stems[stem]) == 1:
            pairs.append((olds.pop(old_stems[stem][0]), news.pop(new_stems[stem][0])))
    return pairs, {"before": sorted(olds.values()), "after": sorted(news.values())}


def compare_files(before: str, after: str, limits: Limits, known: Register) -> dict[str, Any]:
    """Return what happened to the marks of one file; never raises for bad input.

    Parameters
    ----------
    before, after : str
    limits : Limits
    known : Register
    """
    sides: list[tuple[Mark, ...]] = []
    errors: list[FileError | None] = []
    for path in (before, after):
        try:
            _, structure, found = open_file(path, limits, known)
            sides.append((*found.marks, *_credentials(structure, limits)))
            errors.append(None)
        except Exception as error:  # hostile bytes: the other pairs go on
            sides.append(())
            errors.append(file_error(error))
    rows = [] if any(errors) else _rows(*sides)
    return {
        "before": before,
        "after": after,
        "error": {
            side: error.to_dict() if error else None
            for side, error in zip(("before", "after"), errors, strict=True)
        },
        "marks": sorted(rows, key=lambda row: STATES.index(row["state"])),
    }


def _by_stem(paths: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in paths:
        found.setdefault(str(Path(name).with_suffix("")), []).append(name)
    return found


def _credentials(structure: Structure, limits: Limits) -> list[Mark]:
    """Return a mark for each Content Credential, by its bytes, without validating it."""
    stores = jumbf_stores(structure, limits)
    digests = [hashlib.sha256(store).hexdigest() for store in stores if b"c2pa" in store[:1024]]
    return [
        Mark("credentials.store", Grade.INFORMATIVE, "credentials", digest, "", "", facts={"sha256": digest})
        for digest in digests
    ]


def _rows(before: Sequence[Mark], after: Sequence[Mark]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    olds, news = list(before), list(after)
    for old in before:
        new = next((one for one in news if (one.kind, one.value) == (old.kind, old.value)), None)
        if new is not None:
            olds.remove(old)
            news.remove(new)
            rows.append(_row("duplicated" if _count(new) > _count(old) else "kept", old, new))
    for old in list(olds):
        new = next((one for one in news if one.kind == old.kind), None)
        if new is not None:
            olds.remove(old)
            news.remove(new)
            rows.append(_row("changed", old, new))
    rows += [_row("lost", old, None) for old in olds]
    # One more mark of a kind that was there before is a second copy, even if it says something else.
    had = {mark.kind for mark in before if mark.kind in ("aigc", "credentials")}
    rows += [_row("duplicated" if new.kind in had else "added", None, new) for new in news]
    return rows


def _count(mark: Mark) -> int:
    return max(len(mark.places), 1)


def _row(state: str, old: Mark | None, new: Mark | None) -> dict[str, Any]:
    mark = new or old
    assert mark is not None
    return {
        "state": state,
        "kind": mark.kind,
        "explain": text(f"compare.{state}", kind=_name(mark)).to_dict(),
        "before": None if old is None else _side(old),
        "after": None if new is None else _side(new),
    }


def _name(mark: Mark) -> str:
    product = mark.facts.get("product") or mark.facts.get("field")
    return f"{mark.kind} ({product})" if product else mark.kind


def _side(mark: Mark) -> dict[str, Any]:
    return {"code": mark.code, "data": mark.facts, "places": [place.place() for place in mark.places[:8]]}
