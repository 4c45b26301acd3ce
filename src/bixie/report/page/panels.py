"""Panels of the page: rows of findings under a title that several examiners may share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bixie.examiners.presentation import Fact, Panel, Presentation, Topic
from bixie.examiners.results import Finding, NotApplicable
from bixie.kit.messages import Text

__all__ = ["FilledPanel", "PanelRow", "panels_of"]


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One finding in plain words.

    Parameters
    ----------
    topic : Topic
        Stands above the row.
    sentence : Text
    facts : tuple of Fact
    finding : Finding
    shortened : bool
        Whether the finding's own sentence says more than `sentence`.
    """

    topic: Topic
    sentence: Text
    facts: tuple[Fact, ...]
    finding: Finding
    shortened: bool


@dataclass(frozen=True, slots=True)
class FilledPanel:
    """One panel of one file.

    Parameters
    ----------
    panel : Panel
    rows : tuple of PanelRow
        By the rank of their topics; among equals in the order of the findings.
    silent : tuple of NotApplicable
        Examiners of the panel that found nothing to read.
    """

    panel: Panel
    rows: tuple[PanelRow, ...] = ()
    silent: tuple[NotApplicable, ...] = ()

    @property
    def without_marks(self) -> Text | None:
        """What to say where no row is a mark."""
        return None if any(row.topic.mark for row in self.rows) else self.panel.without_marks

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to set out."""
        return bool(self.rows or self.silent or self.panel.without_marks)


def panels_of(
    findings: Iterable[Finding],
    not_applicable: Iterable[NotApplicable],
    presentations: Mapping[str, Presentation],
) -> tuple[FilledPanel, ...]:
    """Return the panels of one file, in the order in which its examiners name them.

    Parameters
    ----------
    findings : iterable of Finding
    not_applicable : iterable of NotApplicable
    presentations : mapping of str to Presentation
        Of the examiners that looked at the file, by name. What others say belongs into no panel.
    """
    panels = {one.panel.key: FilledPanel(one.panel) for one in presentations.values() if one.panel}
    for finding in findings:
        presentation = presentations.get(finding.examiner)
        if presentation is not None and presentation.panel is not None:
            filled = panels[presentation.panel.key]
            rows = (*filled.rows, _row(finding, presentation))
            panels[filled.panel.key] = replace(filled, rows=rows)
    for one in not_applicable:
        presentation = presentations.get(one.examiner)
        if presentation is not None and presentation.panel is not None:
            filled = panels[presentation.panel.key]
            panels[filled.panel.key] = replace(filled, silent=(*filled.silent, one))
    ordered = (replace(one, rows=tuple(sorted(one.rows, key=_rank))) for one in panels.values())
    return tuple(one for one in ordered if one.says_anything)


def _row(finding: Finding, presentation: Presentation) -> PanelRow:
    return PanelRow(
        topic=finding.row.topic or Topic(presentation.name),
        sentence=finding.row.brief or finding.explain,
        facts=finding.row.facts,
        finding=finding,
        shortened=finding.row.brief is not None,
    )


def _rank(row: PanelRow) -> int:
    return row.topic.rank
