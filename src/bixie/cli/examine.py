"""``bixie examine``: examines the photos of a claim; prints verdicts or a document, or writes a page."""

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bixie.cli.console import complain, print_bytes
from bixie.cli.language import say
from bixie.cli.options import add_language
from bixie.cli.parser import BilingualParser
from bixie.cli.translations import placeholders_in
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bixie.examiners.results import ExhibitResult, KnownResult
    from bixie.report.examination import Report

__all__ = ["add", "run"]

_EXAMINED = 0
_WRONG_USAGE = 2
_SOME_UNREADABLE = 3


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "examine",
        language=language,
        help=say("examine.summary", language),
        usage="bixie examine PHOTO... [--known PATH...] [--order FILE] [--show-place]\n"
        "                     [--examined-by TEXT] [--json] [--report DIR] [--lang zh|en]",
        description=say("examine.description", language),
        epilog=say("examine.epilog", language),
    )
    parser.add_argument("photos", nargs="*", metavar="PHOTO", help=say("examine.photo", language))
    parser.add_argument(
        "--known",
        nargs="+",
        action="extend",
        default=[],
        metavar="PATH",
        help=say("examine.known", language),
    )
    parser.add_argument("--order", metavar="FILE", help=say("examine.order", language))
    parser.add_argument("--archive", metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument("--show-place", action="store_true", help=say("examine.show_place", language))
    parser.add_argument("--examined-by", metavar="TEXT", help=say("examine.examined_by", language))
    parser.add_argument("--json", action="store_true", help=say("examine.json", language))
    parser.add_argument("--report", metavar="DIR", help=say("examine.report", language))
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)
    parser.check = partial(_check_photos, parser)


def _check_photos(parser: BilingualParser, chosen: argparse.Namespace) -> None:
    """Refuse a claim without photos; say so where ``--known`` took them."""
    if chosen.photos or chosen.archive is not None:
        return
    if chosen.known:
        took = say("separator", parser.language).join(f"“{path}”" for path in chosen.known)
        parser.error(say("examine.known_took", parser.language, paths=took))
    photo = placeholders_in("PHOTO", parser.language)
    parser.error(say("argparse.missing", parser.language) % photo)


def run(chosen: argparse.Namespace, language: Language) -> int:
    """Examine; return the exit status of the contract."""
    if chosen.archive is not None:
        complain(f"bixie: {say('examine.no_archive', language)}")
        return _WRONG_USAGE
    # Imported here: `bixie --help` does not need OpenCV.
    from bixie.examiners.files import check_paths  # noqa: PLC0415
    from bixie.examiners.known import load_known  # noqa: PLC0415
    from bixie.examiners.order import read_order  # noqa: PLC0415
    from bixie.kit.progress import progress_bar  # noqa: PLC0415
    from bixie.report.document import json_bytes  # noqa: PLC0415
    from bixie.report.examination import examine  # noqa: PLC0415
    from bixie.report.saving import SavingError, check_folder  # noqa: PLC0415

    check_paths(chosen.photos, chosen.known, documents=() if chosen.order is None else chosen.order)
    if chosen.report == "":  # an unset variable of a script; as a path it would be the current folder
        raise SavingError("report.not_a_folder", path="")
    folder = None if chosen.report is None else Path(chosen.report)
    if folder is not None:
        check_folder(folder)
    if chosen.order is not None:
        read_order(chosen.order)  # report its mistakes before the long part begins
    with progress_bar(say("examine.reading", language)) as progress:
        known = load_known(chosen.known, progress=progress)
    with progress_bar(say("examine.progress", language)) as progress:
        report = examine(
            chosen.photos,
            known=known,
            order=chosen.order,
            show_place=chosen.show_place,
            examined_by=chosen.examined_by,
            keep_views=folder is not None,
            progress=progress,
        )
    page = None if folder is None else report.save(folder, language=language)
    _print_warnings(report, language, with_exhibits=chosen.json)
    if chosen.json:
        print_bytes(json_bytes(report.to_dict(with_masks=folder is not None)))
    else:
        _print_words(report, language, page)
    return _status(report)


def _status(report: "Report") -> int:
    errors = [one.error for one in report.claim.exhibits] + [one.error for one in report.claim.known]
    return _SOME_UNREADABLE if any(errors) else _EXAMINED


def _print_warnings(report: "Report", language: Language, *, with_exhibits: bool) -> None:
    for known in report.claim.known:
        if known.error:
            reason = known.error.text.in_(language)
            complain(say("examine.known_unreadable", language, path=known.path, reason=reason))
    for warning in report.claim.warnings:
        complain(say("warning", language, message=warning.text.in_(language)))
    for exhibit in report.claim.exhibits if with_exhibits else ():
        for warning in (*exhibit.warnings, *([exhibit.error] if exhibit.error else ())):
            complain(say("warning", language, message=f"{exhibit.path}: {warning.text.in_(language)}"))


def _print_words(report: "Report", language: Language, page: Path | None) -> None:
    from bixie.report.wording import claim_headline  # noqa: PLC0415

    for exhibit in report.claim.exhibits:
        print("\n".join(_exhibit_lines(exhibit, report.claim.known, language)), end="\n\n")
    if len(report.claim.exhibits) > 1:
        headline = claim_headline(report.claim).in_(language)
        print(say("examine.result", language, headline=headline))
    if any(known.error is None for known in report.claim.known):
        print(say("examine.vouched", language))
    print(say("examine.reminder", language))
    if page is not None:
        print(say("examine.page", language, path=page))


def _exhibit_lines(exhibit: "ExhibitResult", known: "Sequence[KnownResult]", language: Language) -> list[str]:
    from bixie.report.wording import examiner_name, headline, verdict_name  # noqa: PLC0415

    sentences = [warning.text for warning in exhibit.warnings]
    notes = [say("warning", language, message=text.in_(language)) for text in sentences]
    if exhibit.error:
        notes.append(exhibit.error.text.in_(language))
    facts = [finding.explain.in_(language) for finding in exhibit.findings]
    gaps = [one for one in exhibit.not_applicable if one.reason not in sentences]
    silent = [
        f"{examiner_name(exhibit, one.examiner).in_(language)}: {one.reason.in_(language)}" for one in gaps
    ]
    title = f"[{verdict_name(exhibit.verdict).in_(language)}] {exhibit.path}"
    return [
        title,
        *(f"  {line}" for line in (headline(exhibit, known).in_(language), *notes, *facts, *silent)),
    ]
