"""An entry of the thread says what was asked, offered or why the claim was rejected."""

import pytest

from bixie.cases.claims.loading import claim_options
from bixie.cases.event_names import event_name
from bixie.cases.event_parts import Outcome
from bixie.cases.events import Negotiated, Rejected
from bixie.cases.words import NegotiationForm, OutcomeKind, Side


def negotiated(form, outcome=None):
    return event_name(Negotiated(by=Side.MERCHANT, form=form, outcome=outcome))


def test_a_rejection_says_its_reason():
    for reason in claim_options().reject_reasons:
        name = event_name(Rejected(by=Side.MERCHANT, reason=reason.key))
        assert reason.title.zh in name.zh
        assert reason.title.en in name.en


def test_a_rejection_for_a_reason_that_is_no_more_is_still_named():
    assert event_name(Rejected(by=Side.MERCHANT, reason="gone")).zh == "商家拒绝申请"


def test_asking_for_evidence_is_no_proposal():
    name = negotiated(NegotiationForm.ASK_EVIDENCE)
    assert (name.zh, name.en) == ("请对方补充凭证", "Evidence was asked for")


def test_the_three_forms_are_told_apart():
    assert len({negotiated(form).zh for form in NegotiationForm}) == len(NegotiationForm)


def test_an_offer_of_money_says_how_much():
    outcome = Outcome(kind=OutcomeKind.REFUND, amount_minor=1197, currency="CNY")
    assert negotiated(NegotiationForm.PROPOSE, outcome).zh == "提出协商方案：退款 11.97 元"


@pytest.mark.parametrize("service", ["exchange", "replenish", "repair"])
def test_an_offer_without_money_says_what(service):
    name = negotiated(NegotiationForm.PROPOSE, Outcome(kind=OutcomeKind(service)))
    assert name.zh.startswith("提出协商方案：")
    assert "{" not in name.zh
