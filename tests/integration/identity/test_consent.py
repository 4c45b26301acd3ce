"""Consent is kept with what was shown, withdrawn without being lost, and never another tenant's."""

import hashlib

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.identity.consent import Asked, give, history, holds, withdraw
from bixie.identity.erasure import erase_party
from bixie.identity.errors import IdentityError, NotAllowedError, NotThereError

ASKED = Asked("register.compare", ["phone", "address", "phone"], "同意将核验结果用于……", "2026-11", "zh")


@pytest.fixture
def given(store, ours, clock):
    with writing(store, ours.buyer_self) as session:
        return give(session, ours.buyer.id, ASKED, clock)


def held(store, house, *arguments, **named):
    with reading(store, house.program) as session:
        return holds(session, house.buyer.id, *arguments, **named)


def test_what_when_by_whom_and_which_words(ours, given, clock, told):
    assert (given.purpose, given.kinds, given.recipient) == ("register.compare", ["address", "phone"], None)
    assert (given.text_version, given.language) == ("2026-11", "zh")
    assert given.text_hash == hashlib.sha256(ASKED.text.encode()).hexdigest()
    assert (given.given_at, given.given_by, given.party) == (clock(), ours.buyer.id, ours.buyer.id)
    (event,) = told(ours, given.id)
    assert event.type == "identity.consent_given"
    assert event.data["text_hash"] == given.text_hash
    assert list(event.personal) == ["party"]


def test_it_holds_from_when_it_was_given_until_it_is_withdrawn(store, ours, given, clock):
    began = clock()
    assert held(store, ours, "register.compare")
    clock.pass_(days=1)
    with writing(store, ours.buyer_self) as session:
        assert withdraw(session, given.id, clock) == clock()
    assert not held(store, ours, "register.compare")
    assert held(store, ours, "register.compare", at=began)
    assert not held(store, ours, "register.compare", at=clock())
    began_before = began.replace(year=2025)
    assert not held(store, ours, "register.compare", at=began_before)


def test_it_holds_for_its_purpose_and_its_recipient_only(store, ours, given, clock):
    assert not held(store, ours, "register")
    assert not held(store, ours, "register.compare", "Other Ltd")
    asked = Asked("register.compare", ["phone"], "…", "1", "zh", recipient="Other Ltd")
    with writing(store, ours.buyer_self) as session:
        other = give(session, ours.buyer.id, asked, clock)
    assert held(store, ours, "register.compare", "Other Ltd")
    with writing(store, ours.buyer_self) as session:
        withdraw(session, other.id, clock)
    assert held(store, ours, "register.compare")


def test_a_withdrawal_is_told_once_and_the_consent_stays(store, ours, given, clock, told):
    with writing(store, ours.buyer_self) as session:
        first = withdraw(session, given.id, clock)
    clock.pass_(days=1)
    with writing(store, ours.admin) as session:
        assert withdraw(session, given.id, clock) == first
    kinds = [event.type for event in told(ours, given.id)]
    assert kinds == ["identity.consent_given", "identity.consent_withdrawn"]
    with reading(store, ours.buyer_self) as session:
        ((kept, taken),) = history(session, ours.buyer.id)
    assert (kept.id, taken.withdrawn_at, taken.withdrawn_by) == (given.id, first, ours.buyer.id)


def test_it_can_be_given_anew(store, ours, given, clock):
    with writing(store, ours.buyer_self) as session:
        withdraw(session, given.id, clock)
        clock.pass_(days=1)
        give(session, ours.buyer.id, ASKED, clock)
    assert held(store, ours, "register.compare")


@pytest.mark.parametrize(
    "statement", ["DELETE FROM identity_consent", "UPDATE identity_consent SET purpose = 'x'"]
)
def test_the_database_lets_nobody_change_or_remove_the_proof(store, given, statement):
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_the_proof_outlives_the_erasing_of_the_buyer(store, ours, given, clock):
    with writing(store, ours.admin) as session:
        erase_party(session, ours.buyer.id, clock)
    with reading(store, ours.admin) as session:
        assert [one.id for one, _ in history(session, ours.buyer.id)] == [given.id]


def test_a_stranger_gives_and_withdraws_nothing(store, ours, theirs, given, clock):
    for principal in (theirs.admin, theirs.buyer_self, ours.clerk):
        with pytest.raises(NotThereError), writing(store, principal) as session:
            withdraw(session, given.id, clock)
        with pytest.raises(NotThereError), writing(store, principal) as session:
            give(session, ours.buyer.id, ASKED, clock)
        with pytest.raises(NotThereError), reading(store, principal) as session:
            history(session, ours.buyer.id)
    editor = Principal(ours.tenant, "person_e", Role.POLICY_EDITOR)
    with pytest.raises(NotAllowedError), writing(store, editor) as session:
        withdraw(session, given.id, clock)
    assert held(store, ours, "register.compare")


@pytest.mark.parametrize(
    "changed", [{"purpose": "Not a code"}, {"kinds": ["phone", ""]}, {"text_version": ""}]
)
def test_what_cannot_be_filed_is_refused(store, ours, clock, changed):
    asked = {"purpose": "a.b", "kinds": ["phone"], "text": "…", "text_version": "1", "language": "zh"}
    with pytest.raises(IdentityError), writing(store, ours.buyer_self) as session:
        give(session, ours.buyer.id, Asked(**{**asked, **changed}), clock)
