"""Tables and the JSON document from outcomes. False accusations come first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from bench.attacks.content import CONTENT_KINDS
from bench.attacks.damage import BLOB_KINDS, THIN_KINDS
from bench.honest_cases import HONEST_ROWS
from bench.markdown import Table, rate_text
from bench.running import Outcome, Result
from bench.scoring import clopper_pearson

__all__ = [
    "F1_ROWS",
    "ROWS",
    "Overlaps",
    "Rate",
    "Row",
    "f1_of",
    "markdown",
    "rate_of",
    "sections",
    "summary",
]

ACCUSING = ("refuted", "suspect")
"""Verdicts that no honest photo may get."""
_EDIT_ROWS = ("found.local", "found.quarter", "found.cutout", "found.regenerated")


@dataclass(frozen=True)
class Rate:
    """A count out of a total."""

    count: int
    total: int

    @property
    def rate(self) -> float:
        """The count's share, 0 when there is nothing."""
        return self.count / self.total if self.total else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types with exact 95 % bounds."""
        low, high = clopper_pearson(self.count, self.total)
        return {"count": self.count, "of": self.total, "rate": self.rate, "bounds": [low, high]}

    def text(self) -> str:
        """Return ``12/300 = 4.0 % (2.1–6.9)``."""
        return rate_text(self.count, self.total)


Picked = list[tuple[Outcome, Result]]
Test = Callable[[Outcome, Result], bool]


def _pick(outcomes: Sequence[Outcome], subject: str, rows: Sequence[str]) -> Picked:
    return [(o, o.results[subject]) for o in outcomes if o.row in rows and subject in o.results]


def _of(outcomes: Sequence[Outcome], subject: str, row: "Row") -> Picked:
    return [one for one in _pick(outcomes, subject, row.rows) if row.counted(*one)]


def _rate(picked: Picked, test: Test) -> Rate:
    return Rate(sum(test(outcome, result) for outcome, result in picked), len(picked))


def _found(_: Outcome, result: Result) -> bool:
    return result.found


def _conclusive(_: Outcome, result: Result) -> bool:
    return result.found and result.conclusive


def _quiet(_: Outcome, result: Result) -> bool:
    return result.area < 0.01


def _damage_read(_: Outcome, result: Result) -> bool:
    return result.edited and result.area > 0.0


def _every(_: Outcome, __: Result) -> bool:
    return True


def _judged(_: Outcome, result: Result) -> bool:
    return bool(result.verdict)


def _accused(_: Outcome, result: Result) -> bool:
    return result.verdict in ACCUSING


@dataclass(frozen=True)
class Row:
    """A line of the table of rates: of the cases of `rows` that are `counted`, those that pass `test`."""

    key: str
    title: str
    target: str
    rows: tuple[str, ...]
    test: Test
    counted: Test = _every


ROWS = (
    Row("honest_conclusive", "false links that are `conclusive`", "0", HONEST_ROWS, _conclusive),
    Row("honest", "false links, all honest photos", "≤ 0.5 %", ("honest",), _found),
    Row("honest_file", "false links, files as they are", "0", ("honest_file",), _found),
    Row(
        "accused", "honest photos `refuted` or `suspect`, all examiners", "0", HONEST_ROWS, _accused, _judged
    ),
    Row("annotation", "annotations read as damage", "≤ 2 %", ("annotation",), _damage_read),
    Row(
        "other_hand_annotation",
        "annotations by the held-out painter read as damage",
        "",
        ("annotation.other_hand",),
        _damage_read,
    ),
    Row("copy_area", "unedited copies with under 1 % of the frame reported", "≥ 98 %", ("copy",), _quiet),
    Row("local", "found: local edits, every delivery but the next rows", "≥ 99 %", ("found.local",), _found),
    Row("quarter", "found: a quarter of the frame left", "≥ 90 %", ("found.quarter",), _found),
    Row("cutout", "found: cut out onto another background", "≥ 80 %", ("found.cutout",), _found),
    Row("regenerated", "found: whole frame regenerated, simulated", "≥ 97 %", ("found.regenerated",), _found),
    Row("editor", "found: real editor pairs that keep the scene", "≥ 90 %", ("found.editor",), _found),
    Row(
        "editor_partly", "found: real editor pairs that keep part of it", "", ("found.editor_partly",), _found
    ),
    Row("inpainted", "found: spliced-back inpainting (MI-GAN)", "", ("found.inpainted",), _found),
    Row("other_hand", "found: damage by the held-out painter", "", ("found.other_hand",), _found),
    Row("copy", "found: unedited copies", "", ("copy", "annotation"), _found),
)


@dataclass(frozen=True)
class Overlaps:
    """F1 values and their mean."""

    values: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types."""
        if not self.values:
            return {"of": 0}
        return {"of": len(self.values), "mean": mean(self.values), "median": median(self.values)}

    def text(self) -> str:
        """Return ``0.871 (median 0.91, n 120)``."""
        if not self.values:
            return "–"
        return f"{mean(self.values):.3f} (median {median(self.values):.2f}, n {len(self.values)})"


def _overlaps(picked: Picked, kinds: Sequence[str] | None) -> Overlaps:
    chosen = [r.f1 for o, r in picked if r.f1 is not None and (kinds is None or o.what in kinds)]
    return Overlaps(tuple(value for value in chosen if value is not None))


F1_ROWS: tuple[tuple[str, str, str, tuple[str, ...] | None, tuple[str, ...]], ...] = (
    ("blobs", "pixel F1: stains, holes, rot, tears", "≥ 0.85", BLOB_KINDS, _EDIT_ROWS),
    ("thin", "pixel F1: cracks and scratches, 2 px tolerance", "≥ 0.85", THIN_KINDS, _EDIT_ROWS),
    ("content", "pixel F1: removed, copied, pasted, recoloured", "", CONTENT_KINDS, _EDIT_ROWS),
    (
        "other_hand_blobs",
        "pixel F1: stains, holes, rot, tears by the held-out painter",
        "",
        BLOB_KINDS,
        ("found.other_hand",),
    ),
    (
        "other_hand_thin",
        "pixel F1: cracks and scratches by the held-out painter",
        "",
        THIN_KINDS,
        ("found.other_hand",),
    ),
    ("inpainted", "pixel F1: spliced-back inpainting (MI-GAN)", "", None, ("found.inpainted",)),
)


def rate_of(outcomes: Sequence[Outcome], subject: str, row: Row) -> tuple[Rate, tuple[str, ...]]:
    """Return the rate of a row and the names of the cases that it counts."""
    picked = _of(outcomes, subject, row)
    return _rate(picked, row.test), tuple(
        outcome.case for outcome, result in picked if row.test(outcome, result)
    )


def f1_of(outcomes: Sequence[Outcome], subject: str, key: str) -> tuple[str, Overlaps]:
    """Return the title and the F1 values of the row of `F1_ROWS` with that key."""
    title, kinds, rows = next((row[1], row[3], row[4]) for row in F1_ROWS if row[0] == key)
    return title, _overlaps(_pick(outcomes, subject, rows), kinds)


def summary(outcomes: Sequence[Outcome], subjects: Sequence[str]) -> dict[str, Any]:
    """Return every number as JSON types: per row, per row and group, per subject."""
    result: dict[str, Any] = {}
    for subject in subjects:
        rates = {}
        for row in ROWS:
            picked = _of(outcomes, subject, row)
            groups = sorted({outcome.group for outcome, _ in picked})
            own = {g: _rate([one for one in picked if one[0].group == g], row.test).to_dict() for g in groups}
            rates[row.key] = {**_rate(picked, row.test).to_dict(), "target": row.target, "groups": own}
        masks = {}
        for key, _, target, kinds, rows in F1_ROWS:
            picked = _pick(outcomes, subject, rows)
            groups = sorted({outcome.group for outcome, _ in picked})
            split = {
                g: _overlaps([one for one in picked if one[0].group == g], kinds).to_dict() for g in groups
            }
            masks[key] = {**_overlaps(picked, kinds).to_dict(), "target": target, "groups": split}
        seconds = [result.seconds for _, result in _pick(outcomes, subject, [o.row for o in outcomes])]
        trouble = [o.case for o in outcomes if subject in o.results and o.results[subject].trouble]
        result[subject] = {
            "rates": rates,
            "f1": masks,
            "seconds_median": median(seconds) if seconds else None,
            "trouble": trouble,
        }
    return result


def _rates_table(outcomes: Sequence[Outcome], subjects: Sequence[str]) -> Table:
    lines = []
    for row in ROWS:
        cells = [_rate(_of(outcomes, subject, row), row.test).text() for subject in subjects]
        if any(cell != "–" for cell in cells):
            lines.append([row.title, row.target, *cells])
    for _, title, target, kinds, rows in F1_ROWS:
        cells = [_overlaps(_pick(outcomes, subject, rows), kinds).text() for subject in subjects]
        if any(cell != "–" for cell in cells):
            lines.append([title, target, *cells])
    return Table("", ["what", "target", *subjects], lines)


def _honest_table(outcomes: Sequence[Outcome], subjects: Sequence[str]) -> Table:
    groups = sorted({outcome.group for outcome in outcomes if outcome.row == "honest"})
    head = ["honest photos", *(f"{s}: {w}" for s in subjects for w in ("conclusive", "any link"))]
    lines = []
    for group in groups:
        cells = [group]
        for subject in subjects:
            picked = [one for one in _pick(outcomes, subject, ["honest"]) if one[0].group == group]
            cells += [str(_rate(picked, _conclusive).count), _rate(picked, _found).text()]
        lines.append(cells)
    return Table("Honest photos by kind", head, lines)


def _delivery_table(outcomes: Sequence[Outcome], subject: str) -> Table:
    picked = _pick(outcomes, subject, [*_EDIT_ROWS, "copy"])
    keys = sorted({(outcome.row, outcome.group) for outcome, _ in picked})
    lines = []
    for row, group in keys:
        own = [one for one in picked if (one[0].row, one[0].group) == (row, group)]
        thin, blobs = _overlaps(own, THIN_KINDS), _overlaps(own, BLOB_KINDS)
        quiet = _rate(own, _quiet).text() if row == "copy" else "–"
        lines.append([row, group, _rate(own, _found).text(), blobs.text(), thin.text(), quiet])
    return Table(
        f"By delivery ({subject})",
        ["row", "delivery", "found", "F1 blobs", "F1 lines", "area under 1 %"],
        lines,
    )


def _kind_table(outcomes: Sequence[Outcome], subject: str) -> Table:
    picked = _pick(outcomes, subject, _EDIT_ROWS)
    lines = []
    for kind in (*BLOB_KINDS, *THIN_KINDS, *CONTENT_KINDS):
        own = [one for one in picked if one[0].what == kind]
        if own:
            given_found = _overlaps([one for one in own if one[1].found], None)
            lines.append([kind, _rate(own, _found).text(), _overlaps(own, None).text(), given_found.text()])
    return Table(f"By edit ({subject})", ["edit", "found", "F1", "F1 where found"], lines)


def sections(outcomes: Sequence[Outcome], subjects: Sequence[str]) -> list[Table]:
    """Return the tables of a run that have lines."""
    tables = [_rates_table(outcomes, subjects), _honest_table(outcomes, subjects)]
    for subject in subjects[:1]:
        tables += [_delivery_table(outcomes, subject), _kind_table(outcomes, subject)]
    return [one for one in tables if one.lines]


def markdown(outcomes: Sequence[Outcome], subjects: Sequence[str]) -> str:
    """Return the tables of a run, and which cases a subject could not answer."""
    parts = ["Counts with exact 95 % bounds; a mask that was not given scores 0."]
    parts += [one.text() for one in sections(outcomes, subjects)]
    for subject in subjects:
        stopped = [o for o in outcomes if subject in o.results and o.results[subject].trouble]
        if stopped:
            parts.append(
                f"{subject} could not answer {len(stopped)} cases, first {stopped[0].case}: "
                f"{stopped[0].results[subject].trouble}"
            )
    return "\n\n".join(parts)
