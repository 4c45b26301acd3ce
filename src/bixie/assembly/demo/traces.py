"""Which events of a case a step leaves: whether a step was played is read from the ledger."""

from collections.abc import Mapping, Sequence

from bixie.assembly.demo import story
from bixie.assembly.demo.story import Step
from bixie.cases import events as happened
from bixie.cases.events import CaseEvent
from bixie.cases.words import Basis, NegotiationForm, Side

__all__ = ["is_played"]

_EVENTS: Mapping[type, tuple[type[CaseEvent], ...]] = {
    story.Reject: (happened.Rejected,),
    story.Ask: (happened.Negotiated,),
    story.Offer: (happened.Negotiated,),
    story.Accept: (happened.Decided,),
    story.Supplement: (happened.Supplemented,),
    story.Withdraw: (happened.Withdrawn,),
    story.Escalate: (happened.Escalated,),
    story.ReadFile: (happened.FileReceived,),
    story.Decide: (happened.Decided, happened.AppealDecided),
    story.Appeal: (happened.Appealed,),
    story.SendBack: (happened.ReturnSent,),
    story.Inspect: (happened.ReturnReceived,),
    story.CarryOut: (happened.Remedied,),
}
_FORMS = {story.Ask: NegotiationForm.ASK_EVIDENCE, story.Offer: NegotiationForm.PROPOSE}
_BASES = {story.Accept: Basis.AGREEMENT, story.Decide: Basis.RULING}


def is_played(step: Step, earlier: Sequence[Step], events: Sequence[CaseEvent]) -> bool:
    """Return whether a step was played.

    Parameters
    ----------
    step : Step
    earlier : sequence of Step
        Those of the case before it, all played.
    events : sequence of CaseEvent
        Of the case.
    """
    before = sum(type(one) is type(step) and _side(one) == _side(step) for one in earlier)
    return sum(_leaves(step, one) for one in events) > before


def _leaves(step: Step, event: CaseEvent) -> bool:
    if not isinstance(event, _EVENTS.get(type(step), ())):
        return False
    if isinstance(event, happened.Negotiated) and event.form is not _FORMS[type(step)]:
        return False
    # What replaces an overturned decision follows the event that an appeal was decided.
    if isinstance(event, happened.Decided) and (event.basis is not _BASES[type(step)] or event.replaces):
        return False
    return _side(step) in (None, event.by)


def _side(step: Step) -> Side | None:
    """Return the side whose event a step leaves; None where only one side can do it."""
    if isinstance(step, story.Escalate):  # the platform may step in by itself as well
        return Side.BUYER
    if isinstance(step, story.Say | story.Offer | story.Accept | story.Supplement | story.ReadFile):
        return Side(step.by)
    return None
