"""Whether a step was played is read from what it left in the case."""

from bixie.assembly.demo import story
from bixie.assembly.demo.traces import is_played
from bixie.cases import events as happened
from bixie.cases.words import Basis, NegotiationForm, OutcomeKind, Side

REFUSED = happened.Outcome(kind=OutcomeKind.REFUSE)
AGREED, RULED = (
    happened.Decided(by=Side.MERCHANT, decision="d", basis=basis, outcome=REFUSED, record_sha256="0")
    for basis in (Basis.AGREEMENT, Basis.RULING)
)


def read(side):
    return happened.FileReceived(by=side, file_sha256="0")


def test_nothing_was_played_in_an_empty_case():
    assert not is_played(story.SendBack(), [], [])


def test_the_same_step_is_counted_by_side():
    step = story.ReadFile("buyer")
    assert not is_played(step, [], [read(Side.MERCHANT)])
    assert is_played(step, [story.ReadFile("merchant")], [read(Side.MERCHANT), read(Side.BUYER)])
    assert not is_played(step, [step], [read(Side.BUYER)])


def test_an_offer_is_no_request_for_evidence_and_an_agreement_no_ruling():
    asked = happened.Negotiated(by=Side.MERCHANT, form=NegotiationForm.ASK_EVIDENCE)
    assert is_played(story.Ask(("video",), "text"), [], [asked])
    assert not is_played(story.Offer("merchant", 10, "text"), [], [asked])
    assert is_played(story.Accept("merchant", "text"), [], [AGREED])
    assert not is_played(story.Decide("reviewer_1", 0, "other", "text"), [], [AGREED])


def test_a_decision_that_replaces_another_is_one_with_that_on_the_appeal():
    ruling, again = (
        story.Decide("reviewer_1", 0, "other", "text"),
        story.Decide("reviewer_2", 1, "other", "t"),
    )
    overturned = happened.AppealDecided(by=Side.PLATFORM, decision="d", overturned=True, person="p")
    events = [RULED, overturned, RULED.model_copy(update={"replaces": "d"})]
    assert is_played(again, [ruling], events)
    assert not is_played(again, [ruling, again], events)


def test_the_platform_stepping_in_by_itself_is_not_the_buyers_wish():
    step = story.Escalate("text")
    assert not is_played(step, [], [happened.Escalated(by=Side.PLATFORM, why="timed_out")])
    assert is_played(step, [], [happened.Escalated(by=Side.BUYER, why="refused")])
