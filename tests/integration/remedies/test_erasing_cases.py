"""What people wrote in a case is erased on request; the ledger, its rows and the fold of the case verify."""

import pytest
from tests.integration.remedies.shop import NUMBER

from bixie.access.tenancy import reading, reading_every_tenant
from bixie.assembly.foldings import FOLDINGS
from bixie.cases import repository as cases
from bixie.cases.answer import Reader, case_out
from bixie.cases.drafts import save_draft
from bixie.cases.errors import NotNowError
from bixie.cases.opening import open_case
from bixie.cases.thread import post
from bixie.cases.words import Side
from bixie.ledger import repository as ledger
from bixie.ledger.verification import verify
from bixie.ledger.verifying_foldings import check_folded
from bixie.remedies.erasure import erase_case
from bixie.remedies.service import confirm
from bixie.vault.retention.service import hold, release

SECRETS = ("住在解放路8号", "快递员张三", "ALIPAY-7788", "还没写完")


def written(shop):
    """Return ids of a closed case and its remedy, with a text in every place that has one."""
    case, _ = shop.decided()
    with shop.writing() as session:
        post(open_case(session, case, shop.clock), Side.BUYER, SECRETS[0])
        post(open_case(session, case, shop.clock), Side.MERCHANT, SECRETS[1])
        save_draft(session, case, Side.BUYER, {"text": SECRETS[3]}, shop.clock)
    return case


def closed(shop):
    case = written(shop)
    shop.work()
    with shop.writing() as session:
        confirm(session, shop.remedy(case).id, SECRETS[2], shop.clock)
    return case


def kept_texts(shop, case):
    """Everything about a case that is kept in rows, and beside its events."""
    with reading(shop.store, shop.principal) as session:
        subjects = (case, *(one.id for one in shop.remedies(case)))
        events = [row for one in subjects for row in ledger.events_about(session, one)]
        personal = [one.value for row in events for one in ledger.personal_of(session, row.sequence)]
        messages = [one.text for one in cases.messages_of(session, case)]
        drafts = [one.content for one in cases.drafts_of(session, case)]
        shown = case_out(session, cases.by_id(session, case), Reader(Side.PLATFORM, shop.clock))
    return str([personal, messages, drafts, [one.reference for one in shop.remedies(case)], shown])


def test_the_texts_of_a_closed_case_are_erased_and_everything_still_verifies(shop):
    case = closed(shop)
    before = kept_texts(shop, case)
    assert [one in before for one in SECRETS] == [True] * len(SECRETS)
    with shop.writing() as session:
        assert erase_case(session, case, shop.clock) == len(SECRETS)
    after = kept_texts(shop, case)
    assert [one for one in SECRETS if one in after] == []
    with shop.writing() as session:
        assert erase_case(session, case, shop.clock) == 0
        shown = case_out(session, cases.by_id(session, case), Reader(Side.BUYER, shop.clock))
    assert shown.result_name.en == "refunded"
    assert shown.thread[-1].type == "case.texts_erased"
    with reading_every_tenant(shop.store) as session:
        assert verify(session).rows
        check_folded(session, FOLDINGS)


def test_an_open_case_and_one_under_a_hold_keep_their_texts(shop):
    case = written(shop)
    with shop.writing() as session, pytest.raises(NotNowError) as refused:
        erase_case(session, case, shop.clock)
    assert refused.value.code == "cases.erased_while_open"
    held = closed(shop)
    with shop.writing() as session:
        made = hold(session, reason="court", order_number=NUMBER, clock=shop.clock)
    with shop.writing() as session, pytest.raises(NotNowError) as refused:
        erase_case(session, held, shop.clock)
    assert refused.value.code == "cases.held"
    assert SECRETS[0] in kept_texts(shop, held)
    with shop.writing() as session:
        release(session, made.id, shop.clock)
        assert erase_case(session, held, shop.clock)
