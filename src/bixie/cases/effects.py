"""What new evidence, or a report about it, does to a case.

The merchant gets more time where a photo is in doubt; a claim that the pack and the merchant let be paid
without a person is paid; while the platform reviews, both sides are served what is new. All of it follows
from the state of the case, so doing it again changes nothing.
"""

from datetime import datetime

from bixie.access.tenancy import TenantSession
from bixie.cases import repository, rules
from bixie.cases.duty_rules import Context
from bixie.cases.evidence import verdict_of
from bixie.cases.files import serve_current
from bixie.cases.opening import OpenCase, context_at, open_case
from bixie.cases.rulings import pay_if_allowed
from bixie.examinations.models import Examination

__all__ = ["after_evidence", "after_examination"]

_IN_DOUBT = frozenset({"refuted", "suspect"})


def after_evidence(case: OpenCase) -> None:
    """Let follow what the evidence of a case, as it is now, leads to."""
    verdict, _ = verdict_of(case.session, case.row)
    if verdict in _IN_DOUBT:
        case.record(rules.extend_for_examination(case.state, case.context))
    pay_if_allowed(case)
    serve_current(case)


def after_examination(session: TenantSession, examination: Examination) -> None:
    """Let follow what a report leads to, in every case that has one of its files as evidence."""
    about = [str(one["exhibit"]) for one in examination.exhibits]
    links = repository.case_with_exhibit(session, about)
    for case_id in sorted({link.case_id for link in links}):
        case = open_case(session, case_id, lambda: examination.examined_at)
        case.context = _not_before(case, case.state.last_at)
        after_evidence(case)


def _not_before(case: OpenCase, last_at: datetime | None) -> Context:
    """Return the time of a report, or of the last event: something may have happened while it was made."""
    if last_at is None or last_at <= case.context.now:
        return case.context
    return context_at(case.pack, lambda: last_at)
