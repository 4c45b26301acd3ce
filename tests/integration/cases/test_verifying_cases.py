"""Verifying folds each case: what an event states of a row must be what the events come to."""

import pytest
from tests.integration.cases.test_walk import act

from bixie.access.tenancy import reading_every_tenant, writing
from bixie.assembly.foldings import FOLDINGS
from bixie.cases import repository
from bixie.ledger.daily import last_verification, verify_if_due
from bixie.ledger.errors import BrokenLedger
from bixie.ledger.service import NewEvent, append
from bixie.ledger.verification import verify
from bixie.ledger.verifying_foldings import check_folded


def checked(store):
    with reading_every_tenant(store) as session:
        verify(session)
        return check_folded(session, FOLDINGS)


def test_a_row_that_says_otherwise_is_found_though_an_event_states_it(shop, platform, merchant):
    ids = [platform.post("/api/v1/cases", json=shop.claim()).json()["id"] for _ in range(2)]
    act(merchant, ids[1], "reject", {"reason": "no_defect_found", "text": "没有看到裂纹"})
    assert checked(shop.store) == 2
    of_case = {"status": "closed", "stage": "platform", "waiting_for": "platform", "amount_minor": 1}
    found = {
        column: broken_by(shop, ids[0], repository.by_id, column, value) for column, value in of_case.items()
    }
    of_duty = {"due_at": shop.clock(), "closed_how": "lost"}
    for column, value in of_duty.items():
        found[column] = broken_by(shop, ids[1], last_duty, column, value)
    assert {column: one.values["column"] for column, one in found.items()} == {one: one for one in found}
    assert [one.values["subject"] for one in found.values()] == [ids[0]] * 4 + [ids[1]] * 2
    assert found["status"].values["row"] == "closed"
    assert found["status"].values["ledger"] == "awaiting_merchant"


def last_duty(session, case_id):
    return repository.duties_of(session, [case_id])[-1]


def broken_by(shop, case_id, row_of, column, value):
    """State another value of a row; return what verifying says; state the right one again."""
    before = state(shop, case_id, row_of, column, value)
    with pytest.raises(BrokenLedger) as caught:
        checked(shop.store)
    assert caught.value.code == "ledger.folded_otherwise"
    state(shop, case_id, row_of, column, before)
    return caught.value


def state(shop, case_id, row_of, column, value):
    with writing(shop.store, shop.program) as session:
        row = row_of(session, case_id)
        before = getattr(row, column)
        setattr(row, column, value)
        append(session, [NewEvent("case.noted", case_id, {}, rows=(row,))], shop.clock)
    return before


def test_the_daily_check_folds_too(shop, platform):
    case_id = platform.post("/api/v1/cases", json=shop.claim()).json()["id"]
    state(shop, case_id, repository.by_id, "status", "closed")
    verify_if_due(shop.store, shop.clock, foldings=FOLDINGS)
    with reading_every_tenant(shop.store) as session:
        fault = last_verification(session).fault
    assert fault["code"] == "ledger.folded_otherwise"
    assert f"row {case_id} of table cases says: status is closed" in fault["en"]
