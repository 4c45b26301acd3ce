"""Prepare what the page shows; the template only sets it out."""

import base64
from dataclasses import dataclass
from datetime import datetime

from bixie.examiners.results import (
    ClaimResult,
    ExhibitResult,
    FileError,
    Finding,
    KnownResult,
    Provenance,
    View,
)
from bixie.kit.messages import Text, catalogue, quoted_list
from bixie.kit.timestamps import parse_timestamp
from bixie.report.page.names import with_names
from bixie.report.page.overview import Count, counts, is_quiet, rank
from bixie.report.page.panels import FilledPanel, panels_of
from bixie.report.page.plate import Plate, prepare_plate
from bixie.report.wording import (
    CUT_OFF,
    claim_headline,
    deciding_finding,
    examiner_name,
    headline,
    meaning,
    presentation_in,
)

__all__ = ["ExhibitCard", "Gap", "KnownRow", "PageModel", "Picture", "build_page"]

_SINGULAR = 1
MAX_THUMBNAILS = 24
"""Of known pictures on one page, about 6 kB each."""
_MAX_NAMES = 5
"""Of known pictures in one sentence."""
_ABOUT_FILES = "imaging."
"""Warnings that begin so describe the file; the others bear on the result and are shown first of all, and so
does it that a part of the picture is missing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the page, embedded once and shown wherever `name` is used."""

    name: str
    uri: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Gap:
    """An examiner that could not tell, by the name that a reader knows, and why."""

    examiner: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class ExhibitCard:
    """One file of the claim.

    `findings` and `gaps` stand in no panel. `leading` is the panel with the most telling finding, `panels`
    are the others. `urgent` warnings bear on the result, `notes` describe the file. `number` counts the files
    in the order given. `result` calls files by their names; only `path` holds the whole path. `folded` hides
    what is below the title until it is asked for.
    """

    number: int
    path: str
    folded: bool
    result: ExhibitResult
    headline: Text
    meaning: Text
    plates: tuple[Plate, ...]
    findings: tuple[Finding, ...]
    leading: FilledPanel | None
    panels: tuple[FilledPanel, ...]
    preview: str | None
    gaps: tuple[Gap, ...]
    urgent: tuple[FileError, ...]
    notes: tuple[FileError, ...]

    @property
    def remarks(self) -> tuple[Text, ...]:
        """What stands under the title although it is weak."""
        return tuple(one.row.remark for one in self.result.findings if one.row.remark)

    @property
    def elsewhere(self) -> Text | None:
        """The titles of the panels that have findings; None where no panel has."""
        every = (*([self.leading] if self.leading else []), *self.panels)
        titles = [one.panel.title for one in every if one.rows]
        if not titles:
            return None
        return Text(en="”, “".join(one.en for one in titles), zh="”“".join(one.zh for one in titles))


@dataclass(frozen=True, slots=True)
class KnownRow:
    """One known picture, the files of the claim that are the same shot, and a small picture of it.

    `kept` is what a ledger says of it; None where only the caller vouches for it.
    """

    path: str
    sha256: str | None
    error: FileError | None
    used_by: tuple[int, ...]
    picture: Picture | None
    kept: Provenance | None

    @property
    def since(self) -> datetime | None:
        """Since when it is on record."""
        return parse_timestamp(self.kept.since) if self.kept else None

    @property
    def used(self) -> Text:
        """Which files are the same shot; the languages list numbers differently."""
        english, chinese = (
            catalogue("bixie.report.page").text("vouched.used", numbers=mark.join(map(str, self.used_by)))
            for mark in (", ", "、")
        )
        return Text(en=english.en, zh=chinese.zh)


@dataclass(frozen=True, slots=True)
class PageModel:
    """The whole page."""

    result: ClaimResult
    headline: Text
    exhibits: tuple[ExhibitCard, ...]
    known: tuple[KnownRow, ...]
    pictures: tuple[Picture, ...]

    @property
    def counts(self) -> tuple[Count, ...]:
        """How many files have each verdict, the worst first."""
        return counts(self.result.exhibits)

    @property
    def compared(self) -> int:
        """How many known pictures could be read."""
        return sum(row.error is None for row in self.known)

    @property
    def all_recorded(self) -> bool:
        """Whether a ledger says since when each known picture was there."""
        return all(row.kept for row in self.known)

    @property
    def unread(self) -> Text | None:
        """Which known pictures could not be read; None where all could."""
        names = [row.path for row in self.known if row.error is not None]
        if not names:
            return None
        shown = quoted_list(names[:_MAX_NAMES])
        if len(names) <= _MAX_NAMES:
            return catalogue("bixie.report.page").text("unread", names=shown)
        return catalogue("bixie.report.page").text("unread.more", names=shown, count=len(names))

    @property
    def notes(self) -> tuple[FileError, ...]:
        """What is odd about no single file of the claim: warnings of the run, refused known pictures."""
        refused = (row.error for row in self.known if row.error is not None)
        return (*self.result.warnings, *dict.fromkeys(refused))

    @property
    def only(self) -> ExhibitCard | None:
        """The exhibit, if it is the only one: the page then bears its sentence."""
        return self.exhibits[0] if len(self.exhibits) == _SINGULAR else None


def build_page(result: ClaimResult) -> PageModel:
    """Return what the page shows of `result`, the worst file first."""
    pictures: dict[str, Picture] = {}
    paths = [exhibit.path for exhibit in result.exhibits]
    result = with_names(result)
    cards = [
        _card(exhibit, index, paths[index], pictures, result) for index, exhibit in enumerate(result.exhibits)
    ]
    return PageModel(
        result=result,
        headline=claim_headline(result),
        exhibits=tuple(sorted(cards, key=lambda card: rank(card.result))),
        known=tuple(_known_rows(result, pictures)),
        pictures=tuple(pictures.values()),
    )


def _card(
    exhibit: ExhibitResult, index: int, path: str, pictures: dict[str, Picture], claim: ClaimResult
) -> ExhibitCard:
    preview = _keep(pictures, f"e{index}", exhibit.preview)
    findings = _deciding_first(exhibit)
    plates = [
        plate
        for finding in findings
        if (plate := _plate(exhibit, index, exhibit.findings.index(finding), pictures)) is not None
    ]
    if not plates and preview is not None:
        plates = [prepare_plate(f"p{index}", _grid(exhibit, exhibit.preview), (preview, None))]
    said = {warning.text for warning in exhibit.warnings}
    unsaid = [one for one in exhibit.not_applicable if one.reason not in said]
    panels = panels_of(findings, unsaid, exhibit.presentations)
    leading = next((one for one in panels if findings and _holds(one, findings[0])), None)
    return ExhibitCard(
        number=index + 1,
        path=path,
        folded=len(claim.exhibits) > _SINGULAR and is_quiet(exhibit),
        result=exhibit,
        headline=headline(exhibit, claim.known),
        meaning=meaning(exhibit, claim.known),
        plates=tuple(plates),
        findings=tuple(one for one in findings if presentation_in(exhibit, one.examiner).panel is None),
        leading=leading,
        panels=tuple(one for one in panels if one is not leading),
        preview=preview,
        gaps=tuple(
            Gap(examiner_name(exhibit, one.examiner), one.reason)
            for one in unsaid
            if presentation_in(exhibit, one.examiner).panel is None
        ),
        urgent=tuple(one for one in exhibit.warnings if _is_urgent(one)),
        notes=tuple(one for one in exhibit.warnings if not _is_urgent(one)),
    )


def _is_urgent(warning: FileError) -> bool:
    return warning.code in CUT_OFF or not warning.code.startswith(_ABOUT_FILES)


def _holds(panel: FilledPanel, finding: Finding) -> bool:
    return any(row.finding is finding for row in panel.rows)


def _deciding_first(exhibit: ExhibitResult) -> tuple[Finding, ...]:
    deciding = deciding_finding(exhibit)
    return tuple(
        sorted(exhibit.findings, key=lambda finding: (finding is not deciding, -abs(finding.strength_bits)))
    )


def _plate(exhibit: ExhibitResult, index: int, number: int, pictures: dict[str, Picture]) -> Plate | None:
    """Return the plate of a finding that can be shown; None for one that only has words."""
    finding = exhibit.findings[number]
    view = exhibit.comparisons[number] if number < len(exhibit.comparisons) else None
    if view is None and not finding.regions and not (finding.annotation and finding.annotation.regions):
        return None
    own = view.exhibit if view else None
    claim = _keep(pictures, f"e{index}-{number}", own) if own else _name(pictures, f"e{index}")
    known = _keep(pictures, f"k{index}-{number}", view.registered if view else None)
    return prepare_plate(
        f"p{index}-{number}", _grid(exhibit, own or exhibit.preview), (claim, known), finding, view
    )


def _grid(exhibit: ExhibitResult, view: View | None) -> tuple[int, int]:
    if exhibit.width and exhibit.height:
        return exhibit.width, exhibit.height
    return (view.width, view.height) if view else (4, 3)


def _keep(pictures: dict[str, Picture], name: str, view: View | None) -> str | None:
    if view is None:
        return None
    uri = "data:image/jpeg;base64," + base64.b64encode(view.jpeg).decode("ascii")
    pictures[name] = Picture(name, uri, view.width, view.height)
    return name


def _name(pictures: dict[str, Picture], name: str) -> str | None:
    return name if name in pictures else None


def _known_rows(result: ClaimResult, pictures: dict[str, Picture]) -> list[KnownRow]:
    """Return the known pictures, those with something to show first; `MAX_THUMBNAILS` have a picture."""
    used: dict[str, list[int]] = {}
    for number, exhibit in enumerate(result.exhibits, start=1):
        for finding in exhibit.findings:
            if finding.known is None or not finding.same_shot:
                continue
            if number not in used.setdefault(finding.known, []):
                used[finding.known].append(number)
    ordered = sorted(result.known, key=lambda known: (known.path not in used, known.error is None))
    return [
        KnownRow(
            known.path,
            known.sha256,
            known.error,
            tuple(used.get(known.path, ())),
            pictures.get(
                _keep(pictures, f"t{index}", known.preview if index < MAX_THUMBNAILS else None) or ""
            ),
            known.kept,
        )
        for index, known in enumerate(ordered)
    ]


def _thumbnail(pictures: dict[str, Picture], name: str, known: KnownResult) -> Picture | None:
    return pictures[name] if _keep(pictures, name, known.preview) else None
