"""The queue of cases that wait for a reviewer. A broken case is listed as such and stops nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bixie.access.tenancy import TenantSession
from bixie.cases.decision_rules import check_may_decide, has_had
from bixie.cases.errors import CaseError
from bixie.cases.events import ReviewPassedOver
from bixie.cases.evidence import verdict_of
from bixie.cases.files import file_of, serve
from bixie.cases.models import Case
from bixie.cases.opening import OpenCase, context_at, open_case, state_of
from bixie.cases.packs.lookup import pack_by
from bixie.cases.reviews import repository
from bixie.cases.reviews.conflicts import check_may_review
from bixie.cases.reviews.locks import claim, kind_of
from bixie.cases.reviews.repository import InQueue, Wanted
from bixie.cases.reviews.routing import Kind, skills_asked
from bixie.cases.reviews.second_review import Turn, turn_of
from bixie.cases.state import CaseState
from bixie.cases.words import Side, Status
from bixie.kit.errors import BixieError
from bixie.kit.messages import Text, catalogue
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import lock
from bixie.orders import repository as orders

__all__ = ["Broken", "Item", "Readable", "claim_next", "item_of"]

Fault = Literal["no_deadline", "events", "order", "pack"]
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Broken:
    """What is wrong with a case of the queue."""

    fault: Fault

    @property
    def text(self) -> Text:
        """What is wrong, in words."""
        return catalogue("bixie.cases.reviews").text(f"broken.{self.fault}")


@dataclass(frozen=True, slots=True)
class Readable:
    """What a reviewer sees of a case in the queue.

    Parameters
    ----------
    state : CaseState
    kind : {"review", "appeal"}
    had_file : dict of Side to bool
        Whether each side has had the case file as it is now.
    verdict : str or None
        Of the buyer's files; None where none was examined yet.
    skills : tuple of str
        That the case asks for.
    turn : int
        How many have given their opinion before.
    blocked_by : BixieError or None
        Why it cannot be decided yet.
    kept_away : BixieError or None
        Why the caller must not decide it.
    """

    state: CaseState
    kind: Kind
    had_file: dict[Side, bool]
    verdict: str | None
    skills: tuple[str, ...]
    turn: Turn
    blocked_by: BixieError | None
    kept_away: BixieError | None


@dataclass(frozen=True, slots=True)
class Item:
    """One case of the queue.

    Parameters
    ----------
    queued : InQueue
    broken : tuple of Broken
    readable : Readable or None
        None where the case cannot be read.
    """

    queued: InQueue
    broken: tuple[Broken, ...]
    readable: Readable | None


def item_of(session: TenantSession, queued: InQueue, clock: Clock = utc_now) -> Item:
    """Return a case of the queue as the caller sees it, or what is wrong with it."""
    broken = []
    if queued.due_at is None:
        broken.append(Broken("no_deadline"))
    if orders.by_id(session, queued.case.order_id) is None:
        broken.append(Broken("order"))
    state = _read(session, queued.case)
    if state is None:
        return Item(queued, (*broken, Broken("events")), None)
    try:
        pack = pack_by(session, state.filed.pack)
    except CaseError:
        return Item(queued, (*broken, Broken("pack")), None)
    case = OpenCase(session, queued.case, state, pack, context_at(pack, clock))
    return Item(queued, tuple(broken), _readable(case))


def _read(session: TenantSession, case: Case) -> CaseState | None:
    """Return the state of a case; None where its events do not fold, whatever is wrong with them."""
    try:
        state = state_of(session, case)
        kind_of(state)
    except Exception:
        return None
    return state


def _readable(case: OpenCase) -> Readable:
    state = case.state
    _, sha256 = file_of(case.session, case.row, case.pack)
    verdict, _ = verdict_of(case.session, case.row)
    kind = kind_of(state)
    return Readable(
        state,
        kind,
        {side: has_had(state, side, sha256, case.context) for side in (Side.BUYER, Side.MERCHANT)},
        verdict,
        skills_asked(state, kind),
        turn_of(state, sha256),
        _blocked(case, sha256),
        _kept_away(case, sha256),
    )


def _blocked(case: OpenCase, sha256: str) -> BixieError | None:
    try:
        check_may_decide(case.state, case.context, sha256)
    except CaseError as error:
        return error
    return None


def _kept_away(case: OpenCase, sha256: str) -> BixieError | None:
    try:
        check_may_review(case, sha256)
    except BixieError as error:
        return error
    return None


def claim_next(session: TenantSession, clock: Clock = utc_now) -> InQueue | None:
    """Claim the most urgent case that the caller can decide now.

    Cases that are broken, ask for another skill, or are held by somebody else are passed over; where the
    caller must keep away, the case notes it. A case file that both sides have not had yet is put before them
    in passing, so that their time begins.

    Returns
    -------
    InQueue or None
        None where nothing can be decided now.
    """
    lock(session)
    setting = repository.reviewer_by_id(session, session.principal.id)
    for queued in _candidates(session, clock):
        item = item_of(session, queued, clock)
        found = item.readable
        if item.broken or found is None:
            continue
        if setting is not None and not set(found.skills) <= set(setting.skills):
            continue
        case = open_case(session, queued.case.id, clock)
        if found.kept_away is not None:
            _note_passed_over(case, found.kept_away)
        elif found.blocked_by is not None:
            serve(case)
        else:
            return queued._replace(review=claim(case))
    return None


def _candidates(session: TenantSession, clock: Clock) -> Iterator[InQueue]:
    wanted = Wanted(clock(), unclaimed=True, heard=True)
    after = None
    while rows := repository.queue(session, wanted, _AT_ONCE, after):
        yield from rows
        after = rows[-1].place


def _note_passed_over(case: OpenCase, why: BixieError) -> None:
    person = case.session.principal.id
    if person not in case.state.passed_over and case.state.status in (Status.IN_REVIEW, Status.APPEALED):
        case.record([ReviewPassedOver(by=Side.PLATFORM, person=person, why=why.code)])
