"""The examiner `label`: AI labels, generators' marks, editors, and traces of labels taken out.

It reads the containers of pictures and videos, not their pixels, and reports in the codes of the examination
contract (docs/reference/report.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bixie.examiners.label.file_marks import read_marks
from bixie.examiners.label.findings import NAME, findings, too_much_metadata
from bixie.examiners.label.presentation import PRESENTATION
from bixie.examiners.label.producer import register
from bixie.examiners.presentation import Presentation
from bixie.examiners.protocol import Container, Context, Statement

__all__ = ["EXAMINER", "LabelExaminer"]


@dataclass(frozen=True, slots=True)
class LabelExaminer:
    """Reads what AI services, generators and editors write into a file."""

    name: str = NAME
    presentation: Presentation = PRESENTATION

    def examine_container(self, container: Container, context: Context) -> Iterable[Statement]:
        """Return a finding for each mark and each kind of trace; nothing where there is none.

        Parameters
        ----------
        container : Container
        context : Context
            Not used: a file's marks do not depend on the claim.
        """
        found = read_marks(container.structure, container.limits, register())
        statements: list[Statement] = list(findings(found))
        return statements if found.complete else [*statements, too_much_metadata()]


EXAMINER = LabelExaminer()
