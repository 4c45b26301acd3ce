"""Files by their names: the page is sent to others, and whole paths tell them about the sender's machine."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath

from bixie.examiners.results import ClaimResult, ExhibitResult, FileError, Finding, KnownResult
from bixie.kit.messages import Text

__all__ = ["display_names", "with_names"]


def display_names(paths: Iterable[str]) -> dict[str, str]:
    """Return what to call each file: its name, with as many folders as tell it from files of the same name.

    Parameters
    ----------
    paths : iterable of str
    """
    parts = {path: PurePath(path).parts or (path,) for path in paths}
    length = dict.fromkeys(parts, 1)
    while True:
        names = {path: "/".join(parts[path][-length[path] :]) for path in parts}
        files = Counter(names.values())
        longer = [path for path in parts if files[names[path]] > 1 and length[path] < len(parts[path])]
        if not longer:
            return names
        for path in longer:
            length[path] += 1


def with_names(result: ClaimResult) -> ClaimResult:
    """Return `result` with the display name of each file instead of its path, in sentences too."""
    exhibits = display_names(one.path for one in result.exhibits)
    known = display_names(one.path for one in result.known)
    said = _sentences(exhibits | known)
    return replace(
        result,
        exhibits=tuple(_exhibit(one, exhibits, known, said) for one in result.exhibits),
        known=tuple(_known(one, known, said) for one in result.known),
        warnings=tuple(_note(one, said) for one in result.warnings),
    )


_Said = Callable[[Text], Text]


def _sentences(names: Mapping[str, str]) -> _Said:
    """Return a function that replaces paths in a sentence."""
    longest_first = sorted((path for path in names if path != names[path]), key=len, reverse=True)

    def short(text: str) -> str:
        for path in longest_first:
            text = text.replace(path, names[path])
        return text

    return lambda text: Text(en=short(text.en), zh=short(text.zh))


def _exhibit(
    exhibit: ExhibitResult, names: Mapping[str, str], known: Mapping[str, str], said: _Said
) -> ExhibitResult:
    return replace(
        exhibit,
        path=names[exhibit.path],
        findings=tuple(_finding(one, known, said) for one in exhibit.findings),
        not_applicable=tuple(replace(one, reason=said(one.reason)) for one in exhibit.not_applicable),
        error=exhibit.error and _note(exhibit.error, said),
        warnings=tuple(_note(one, said) for one in exhibit.warnings),
    )


def _finding(finding: Finding, known: Mapping[str, str], said: _Said) -> Finding:
    row = finding.row
    return replace(
        finding,
        explain=said(finding.explain),
        limits=said(finding.limits),
        known=finding.known and known.get(finding.known, PurePath(finding.known).name),
        row=replace(row, brief=row.brief and said(row.brief)),
    )


def _known(known: KnownResult, names: Mapping[str, str], said: _Said) -> KnownResult:
    return replace(known, path=names[known.path], error=known.error and _note(known.error, said))


def _note(note: FileError, said: _Said) -> FileError:
    return replace(note, text=said(note.text))
