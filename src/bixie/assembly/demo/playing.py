"""Plays the steps of a case through the services that the API calls.

What was played stands in the events of the case: a start that was cut off finds there where to go on.
"""

from collections.abc import Iterator, Sequence
from functools import partial, singledispatch

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession
from bixie.assembly.demo import story
from bixie.assembly.demo.goods import keep_photo, kept_photo
from bixie.assembly.demo.happenings import Happening
from bixie.assembly.demo.scene import Scene
from bixie.assembly.demo.story import CaseStory, Photo, Step
from bixie.assembly.demo.traces import is_played
from bixie.cases import repository, rulings, service
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.evidence import GivenExhibit
from bixie.cases.files import open_file
from bixie.cases.filing import GivenClaim, file_claim
from bixie.cases.models import Case
from bixie.cases.opening import events_of, open_case, state_of
from bixie.cases.reviews.locks import claim
from bixie.cases.service import Said
from bixie.cases.thread import post
from bixie.cases.words import NegotiationForm, OutcomeKind, Service, Side, Status
from bixie.kit.money import Money
from bixie.orders import repository as orders
from bixie.remedies.service import confirm
from bixie.vault import repository as vault
from bixie.vault.exhibit_facts import ExaminationState, facts_of
from bixie.vault.models import Role

__all__ = ["case_of", "happenings_of"]

_ITEMS = (Item(position=0, count=1),)
_EXAMINED = frozenset({ExaminationState.DONE, ExaminationState.FAILED, None})
_OWN = frozenset({Role.LISTING, Role.PACKING})
"""Roles of the shop's own photos, which it also shows as its evidence."""


def happenings_of(case: CaseStory) -> Iterator[Happening]:
    """Yield the steps of a case."""
    for number, timed in enumerate(case.steps):
        yield Happening(timed.before, partial(_play_once, case=case, number=number))


def case_of(session: TenantSession, scene: Scene, told: CaseStory) -> Case | None:
    """Return the case of a story, once it is filed."""
    order = orders.by_number(session, scene.cast.parties[told.order.shop], told.order.number)
    found = [] if order is None else repository.of_order(session, order.id)
    return found[0] if found else None


def _play_once(scene: Scene, case: CaseStory, number: int) -> None:
    step = case.steps[number].step
    told = _Told(scene, case)
    with scene.reading() as session:
        row = case_of(session, scene, case)
        if isinstance(step, story.File):
            done = row is not None
        else:
            assert row is not None
            alike = [one.step for one in case.steps[:number]]
            done = is_played(step, alike, [one.event for one in events_of(session, row.id)])
            done = done or _is_said(session, told, row, step)
    if done:
        return
    if row is not None:
        told.row = row
        scene.wait_for(told.is_examined)
    _play(step, told)


def _is_said(session: TenantSession, told: "_Told", row: Case, step: Step) -> bool:
    if not isinstance(step, story.Say):
        return False
    text = told.text(step.text)
    return any(one.text == text and one.side == step.by for one in repository.messages_of(session, row.id))


class _Told:
    """A case that is being played."""

    def __init__(self, scene: Scene, case: CaseStory) -> None:
        self.scene = scene
        self.case = case
        self.row: Case | None = None

    @property
    def id(self) -> str:
        assert self.row is not None
        return self.row.id

    def text(self, key: str | None) -> str:
        return "" if key is None else self.scene.say(f"{self.case.key}.{key}")

    def who(self, side: story.SideWord) -> Principal:
        return self.scene.cast.side(side, self.case.order.shop, self.case.buyer)

    def amount(self, percent: int) -> int:
        return self.case.order.goods.price_minor * percent // 100

    def outcome(self, percent: int) -> Outcome:
        if percent == 0:
            return Outcome(kind=OutcomeKind.REFUSE)
        return Outcome(
            kind=OutcomeKind.REFUND, amount_minor=self.amount(percent), currency="CNY", items=_ITEMS
        )

    def shown(self, side: story.SideWord, photos: Sequence[Photo]) -> list[GivenExhibit]:
        """Hand photos in; a shop's own are on record already."""
        return [GivenExhibit(self._kept(side, photo), photo.role) for photo in photos]

    def said(self, side: story.SideWord, text: str | None, photos: Sequence[Photo] = ()) -> Said:
        return Said(self.text(text), self.shown(side, photos))

    def is_examined(self) -> bool:
        """Return whether every photo of the case was examined."""
        with self.scene.reading() as session:
            links = repository.exhibits_of(session, self.id)
            exhibits = [vault.by_id(session, one.exhibit_id) for one in links]
            found = facts_of(session, [one for one in exhibits if one is not None])
        return all(one.examination in _EXAMINED for one in found.values())

    def _kept(self, side: story.SideWord, photo: Photo) -> str:
        if side == "merchant":
            for role in _OWN:
                found = kept_photo(self.scene, self.case.order, photo.file, role)
                if found is not None:
                    return found
        return keep_photo(self.scene, self.who(side), self.case.order, photo.file, Role.CLAIM)


@singledispatch
def _play(step: object, told: _Told) -> None:
    raise TypeError(step)


@_play.register
def _(step: story.File, told: _Told) -> None:
    scene, order = told.scene, told.case.order
    exhibits = told.shown("buyer", step.photos)
    with scene.acting(told.who("buyer")) as session:
        row = orders.by_number(session, scene.cast.parties[order.shop], order.number)
        assert row is not None
        claim = GivenClaim(
            items=_ITEMS,
            service=Service(step.service),
            reason=step.reason,
            received=True,
            amount=Money(minor=told.amount(step.percent)),
            text=told.text(step.text),
            exhibits=exhibits,
        )
        file_claim(session, row, scene.cast.parties[told.case.buyer], claim, scene.clock)


@_play.register
def _(step: story.Say, told: _Told) -> None:
    with told.scene.acting(told.who(step.by)) as session:
        post(open_case(session, told.id, told.scene.clock), Side(step.by), told.text(step.text))


@_play.register
def _(step: story.Reject, told: _Told) -> None:
    photos = () if step.photo is None else (step.photo,)
    said = told.said("merchant", step.text, photos)
    with told.scene.acting(told.who("merchant")) as session:
        service.reject(session, told.id, Side.MERCHANT, reason=step.reason, said=said, clock=told.scene.clock)


@_play.register
def _(step: story.Ask, told: _Told) -> None:
    word = told.scene.say("code_word") if "code_on_paper" in step.asks else None
    with told.scene.acting(told.who("merchant")) as session:
        service.negotiate(
            session,
            told.id,
            Side.MERCHANT,
            NegotiationForm.ASK_EVIDENCE,
            asks=step.asks,
            code_word=word,
            said=told.said("merchant", step.text),
            clock=told.scene.clock,
        )


@_play.register
def _(step: story.Offer, told: _Told) -> None:
    with told.scene.acting(told.who(step.by)) as session:
        service.negotiate(
            session,
            told.id,
            Side(step.by),
            NegotiationForm.PROPOSE,
            outcome=told.outcome(step.percent),
            said=told.said(step.by, step.text),
            clock=told.scene.clock,
        )


@_play.register
def _(step: story.Accept, told: _Told) -> None:
    said = told.said(step.by, step.text)
    with told.scene.acting(told.who(step.by)) as session:
        service.accept(session, told.id, Side(step.by), said, told.scene.clock)


@_play.register
def _(step: story.Supplement, told: _Told) -> None:
    said = told.said(step.by, step.text, step.photos)
    with told.scene.acting(told.who(step.by)) as session:
        service.supplement(session, told.id, Side(step.by), complete=True, said=said, clock=told.scene.clock)


@_play.register
def _(step: story.Withdraw, told: _Told) -> None:
    with told.scene.acting(told.who("buyer")) as session:
        service.withdraw(session, told.id, told.said("buyer", step.text), told.scene.clock)


@_play.register
def _(step: story.Escalate, told: _Told) -> None:
    said = told.said("buyer", step.text)
    with told.scene.acting(told.who("buyer")) as session:
        service.escalate(session, told.id, Side.BUYER, said, told.scene.clock)


@_play.register
def _(step: story.ReadFile, told: _Told) -> None:
    with told.scene.acting(told.who(step.by)) as session:
        open_file(open_case(session, told.id, told.scene.clock), Side(step.by))


@_play.register
def _(step: story.Decide, told: _Told) -> None:
    with told.scene.acting(told.scene.cast.reviewer(step.by)) as session:
        row = repository.by_id(session, told.id)
        assert row is not None
        appealed = state_of(session, row).status is Status.APPEALED
        decide = rulings.decide_appeal if appealed else rulings.decide
        note = told.text(step.text)
        outcome = told.outcome(step.percent)
        claim(open_case(session, told.id, told.scene.clock))
        decide(session, told.id, outcome, [step.reason], note=note, clock=told.scene.clock)


@_play.register
def _(step: story.Appeal, told: _Told) -> None:
    said = told.said("buyer", step.text, step.photos)
    with told.scene.acting(told.who("buyer")) as session:
        service.appeal(session, told.id, Side.BUYER, step.reason, said=said, clock=told.scene.clock)


@_play.register
def _(_step: story.SendBack, told: _Told) -> None:
    said = Said(told.scene.say("sent_back"))
    with told.scene.acting(told.who("buyer")) as session:
        service.send_return(session, told.id, said, told.scene.clock)


@_play.register
def _(_step: story.Inspect, told: _Told) -> None:
    said = Said(told.scene.say("inspected"))
    with told.scene.acting(told.who("merchant")) as session:
        service.receive_return(session, told.id, "pass", said, told.scene.clock)


@_play.register
def _(_step: story.CarryOut, told: _Told) -> None:
    scene = told.scene

    def remedy() -> str | None:
        with scene.reading() as session:
            row = repository.by_id(session, told.id)
            assert row is not None
            return state_of(session, row).remedy

    scene.wait_for(lambda: remedy() is not None)
    ordered = remedy()
    assert ordered is not None
    with scene.acting(scene.cast.setup) as session:
        confirm(session, ordered, scene.say("reference"), scene.clock)
