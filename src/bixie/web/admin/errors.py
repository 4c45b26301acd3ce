"""``/admin/errors``: the error board: how often an appeal changed a decision, refusals first, with bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response

from bixie.access.principal import Role
from bixie.cases.error_board.agreement import agreement_of
from bixie.cases.error_board.schemas import ErrorBoardOut, ErrorSectionOut, ExaminerTallyOut, TallyOut
from bixie.cases.error_board.service import error_board
from bixie.kit.messages import Text, catalogue
from bixie.kit.proportions import wilson
from bixie.web.admin.frame import admin_page, tenant_visit
from bixie.web.services import Services

__all__ = ["router"]

_READERS = frozenset({Role.REVIEWER, Role.ADMIN})
_UNSAID = {"": "none", "?": "unknown"}
_YEARS = range(2000, 3000)


@dataclass(frozen=True, slots=True)
class _Row:
    """A group of decisions."""

    name: Text
    tally: TallyOut


def router(services: Services) -> APIRouter:
    """Return the endpoint."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/admin/errors")
    def errors(request: Request, since: str = "", until: str = "") -> Response:
        visit = tenant_visit(request, services, roles=_READERS)
        first, last = _day(since), _day(until)
        with visit.call().reading() as session:
            board = ErrorBoardOut.of(error_board(session, first, last), first, last)
            agreement = agreement_of(session)
        low, high = wilson(agreement.agreed, agreement.compared)
        return admin_page(
            visit,
            "errors.html",
            board=board,
            sections={
                "refusals": (board.refusals, _tables(board.refusals)),
                "approvals": (board.approvals, _tables(board.approvals)),
            },
            agreement=agreement,
            bounds=(low, high),
        )

    return routes


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _tables(section: ErrorSectionOut) -> dict[str, Sequence[_Row]]:
    """Return the groups of a section, by key of the table's name."""
    return {
        "verdicts": [_Row(Text(one.name.en, one.name.zh), one) for one in section.evidence_verdicts],
        "examiners": [_Row(_examiner(one), one) for one in section.examiners],
        "packs": [_Row(_same(f"{one.pack} {one.version}"), one) for one in section.packs],
        "rules": [_Row(_same(one.rule), one) for one in section.rules],
        "bases": [_Row(Text(one.name.en, one.name.zh), one) for one in section.bases],
    }


def _examiner(one: ExaminerTallyOut) -> Text:
    """Return an examiner as it stands in reports, with its version, or what is said instead."""
    if one.examiner in _UNSAID:
        return catalogue("bixie.web.admin").text(f"errors.examiner.{_UNSAID[one.examiner]}")
    return _same(f"{one.examiner} {one.version}")


def _same(name: str) -> Text:
    return Text(name, name)
