"""Files of evidence in a case: only of the case's own order, tenant and merchant."""

from collections.abc import Sequence
from dataclasses import dataclass

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.claims.drafts import DraftExhibit
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.order_facts import draft_exhibits
from bixie.cases.claims.rules import check_exhibits, check_number
from bixie.cases.errors import CaseError, RefusedCaseError
from bixie.cases.models import Case, CaseExhibit
from bixie.cases.opening import OpenCase
from bixie.cases.rules import add_exhibit
from bixie.cases.words import Side
from bixie.examinations import repository as examinations
from bixie.orders import repository as orders
from bixie.vault import repository as vault
from bixie.vault.models import Exhibit, Role, State

__all__ = [
    "GivenExhibit",
    "add_exhibits",
    "examiners_of",
    "find_exhibits",
    "new_links",
    "verdict_of",
    "verdicts_of",
]

_ORDER = ("refuted", "suspect", "supported", "inconclusive", "unreadable")


@dataclass(frozen=True, slots=True)
class GivenExhibit:
    """A file that a side gives.

    Parameters
    ----------
    exhibit : str
        Id in the vault.
    role : str
        What it shows: ``damage``.
    """

    exhibit: str
    role: str


def find_exhibits(
    session: TenantSession, side: Side, party: str, order_number: str, given: Sequence[GivenExhibit]
) -> tuple[DraftExhibit, ...]:
    """Return the files that a side gives, as the checks of claims take them.

    Raises
    ------
    RefusedCaseError
        ``cases.no_such_exhibit`` also for a file of another order, merchant or tenant;
        ``cases.not_a_claims_file`` for a buyer's that was kept for another purpose: as the merchant's packing
        picture it would never be examined, and the buyer's next photo would be compared with it;
        ``cases.file_of_buyer`` for a merchant's that was kept as the buyer's: a file counts for who gave it.
    FaultyClaimError
        ``claims.faulty`` for more files than one step takes; none of them is looked up then.
    """
    check_number(given, claim_options())
    files = []
    for one in given:
        found = vault.by_id(session, one.exhibit)
        if found is None or not _fits(found, party, order_number):
            raise RefusedCaseError("cases.no_such_exhibit", exhibit=one.exhibit[:80])
        if side is Side.BUYER and found.role != Role.CLAIM:
            raise RefusedCaseError("cases.not_a_claims_file", exhibit=one.exhibit[:80])
        if side is Side.MERCHANT and found.role == Role.CLAIM:
            raise RefusedCaseError("cases.file_of_buyer", exhibit=one.exhibit[:80])
        files.append((found, one.role))
    return draft_exhibits(files)


def _fits(exhibit: Exhibit, party: str, order_number: str) -> bool:
    usable = exhibit.state in (State.KEPT, State.QUARANTINED)
    return usable and exhibit.party == party and exhibit.order_number == order_number


def add_exhibits(case: OpenCase, side: Side, given: Sequence[GivenExhibit]) -> None:
    """Add files to a case; one that the side has added before is passed over, and named in `skipped`.

    Raises
    ------
    RefusedCaseError
        ``cases.file_of_other_side`` for one that the other side has added.
    BixieError
        Those of `find_exhibits`, of `bixie.cases.claims.rules.check_exhibits` and of
        `bixie.cases.rules.add_exhibit`.
    """
    there = case.state.exhibits
    for one in given:
        adder = there[one.exhibit][0] if one.exhibit in there else side
        if adder is not side:
            raise RefusedCaseError("cases.file_of_other_side", exhibit=one.exhibit, side=adder)
    new = [one for one in given if one.exhibit not in there]
    case.skipped += [one.exhibit for one in given if one.exhibit in there]
    order = orders.by_id(case.session, case.row.order_id)
    if order is None:
        raise CaseError("cases.no_such_order")
    files = find_exhibits(case.session, side, case.row.party, order.number, new)
    already = sum(by is side for by, _ in case.state.exhibits.values())
    check_exhibits(files, claim_options(), already=already)
    events = [
        one for each in new for one in add_exhibit(case.state, case.context, side, each.exhibit, each.role)
    ]
    case.record(events, new_links(case, side, new))


def new_links(case: OpenCase, side: Side, given: Sequence[GivenExhibit]) -> list[CaseExhibit]:
    """Return the rows of files that are added to a case."""
    rows = [
        CaseExhibit(
            tenant=case.row.tenant,
            case_id=case.row.id,
            exhibit_id=one.exhibit,
            side=str(side),
            role=one.role,
            added_at=case.context.now,
        )
        for one in given
    ]
    case.session.add_all(rows)
    return rows


def verdicts_of(session: TenantSession, exhibit_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return report and verdict of each file that was examined, by its id."""
    found = {}
    for exhibit_id in exhibit_ids:
        examined = examinations.latest(session, exhibit_id)
        if examined is None:
            continue
        for one in examined.exhibits:
            if one["exhibit"] == exhibit_id:
                found[exhibit_id] = (examined.id, str(one["verdict"]))
    return found


def examiners_of(session: TenantSession, case: Case) -> tuple[str, ...]:
    """Return whose findings the verdicts of the buyer's files rest on, each with its version."""
    found = set()
    for link in repository.exhibits_of(session, case.id):
        made = examinations.latest(session, link.exhibit_id) if link.side == Side.BUYER else None
        for one in () if made is None else made.exhibits:
            if made is not None and one["exhibit"] == link.exhibit_id and one.get("examiner"):
                found.add(f"{one['examiner']} {made.version}")
    return tuple(sorted(found))


def verdict_of(session: TenantSession, case: Case) -> tuple[str | None, bool]:
    """Return what the buyer's files come to together, and whether all of them were examined.

    ``none`` where the buyer gave no file, None where none of the files was examined yet.
    """
    links = [one for one in repository.exhibits_of(session, case.id) if one.side == Side.BUYER]
    found = verdicts_of(session, [one.exhibit_id for one in links])
    verdicts = {verdict for _, verdict in found.values()}
    if not links:
        return "none", True
    verdict = next((one for one in _ORDER if one in verdicts), None)
    return verdict, len(found) == len(links)
