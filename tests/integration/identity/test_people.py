"""Tenants, parties, people and keys: what is kept and told, and that nothing of another tenant is there."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from tests.integration.identity.conftest import House

from bixie.access.principal import Principal, Role
from bixie.access.sequence import place_of
from bixie.access.tenancy import reading, writing
from bixie.assembly.stores import metadata
from bixie.identity import repository
from bixie.identity.erasure import erase_party, erase_person
from bixie.identity.errors import IdentityError, NotAllowedError, NotThereError
from bixie.identity.models import ApiKey, Person
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import (
    add_key,
    add_party,
    add_person,
    add_tenant,
    change_role,
    disable_person,
    founder,
    party_of,
    revoke_key,
)
from bixie.store.errors import StoreError


def everything(store):
    """Return all that the tables of the room and the ledger hold, as text."""
    with store.engine.connect() as connection:
        tables = [
            table for table in metadata().sorted_tables if table.name.startswith(("identity", "ledger"))
        ]
        return "\n".join(str(row) for table in tables for row in connection.execute(sa.select(table)))


def refused(store, principal, call, *arguments, **named):
    with pytest.raises(IdentityError) as caught, writing(store, principal) as session:
        call(session, *arguments, **named)
    return caught.value.code


def test_a_platform_is_a_tenant_and_no_party(store, clock, told):
    with writing(store, founder(clock)) as session:
        tenant, party = add_tenant(session, " 某平台 ", TenantKind.PLATFORM, clock)
    assert (tenant.name, tenant.kind, party) == ("某平台", "platform", None)


def test_a_merchant_on_its_own_is_a_party_in_its_claims(store, clock):
    who = founder(clock)
    with writing(store, who) as session:
        tenant, party = add_tenant(session, "茶具店", TenantKind.MERCHANT, clock)
    assert (party.tenant, party.kind, party.name) == (tenant.tenant, "merchant", "茶具店")
    with reading(store, who) as session:
        assert [one.id for one in repository.parties(session, "merchant", None, 10)] == [party.id]


def test_the_ledger_is_told_with_commitments_and_never_a_name(store, ours, told):
    (tenant,) = [one for one in told(ours, ours.tenant) if one.type == "identity.tenant_added"]
    assert (tenant.data, list(tenant.personal)) == ({"kind": "platform"}, ["name"])
    (buyer,) = told(ours, ours.buyer.id)
    assert (buyer.type, buyer.data) == ("identity.party_added", {"kind": "buyer"})
    assert sorted(buyer.personal) == ["email", "name", "phone", "reference"]
    (clerk,) = told(ours, ours.clerk_person.id)
    assert clerk.data == {"role": "clerk", "party": ours.shop.id}
    with store.engine.connect() as connection:
        bodies = "".join(connection.execute(sa.text("SELECT body FROM ledger_event")).scalars())
    assert not any(word in bodies for word in ("张三", "13800138000", "example.com", "Platform", "茶具店"))


def test_parties_are_told_apart_by_the_tenants_own_reference(store, ours, clock):
    with reading(store, ours.admin) as session:
        assert repository.party_by_reference(session, "buyer", "B1").id == ours.buyer.id
        assert repository.party_by_reference(session, "merchant", "B1") is None
    code = refused(store, ours.admin, add_party, PartyKind.BUYER, reference="B1", clock=clock)
    assert code == "identity.party_exists"
    with writing(store, ours.admin) as session:
        add_party(session, PartyKind.MERCHANT, reference="B1", clock=clock)


def test_parties_are_listed_page_by_page(store, ours, clock):
    with writing(store, ours.admin) as session:
        for _ in range(4):
            clock.pass_(seconds=1)
            add_party(session, PartyKind.BUYER, clock=clock)
    with reading(store, ours.admin) as session:
        first = repository.parties(session, "buyer", None, 3)
        rest = repository.parties(session, "buyer", place_of(first[-1]), 3)
    assert [len(first), len(rest)] == [3, 2]
    assert first[0].id == ours.buyer.id


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda s, t: party_of(s, t.buyer.id), "identity.no_such_party"),
        (lambda s, t: erase_party(s, t.buyer.id), "identity.no_such_party"),
        (lambda s, t: add_key(s, Role.CLERK, label="x", party=t.shop.id), "identity.no_such_party"),
        (
            lambda s, t: add_person(s, "new@example.com", Role.CLERK, party=t.shop.id),
            "identity.no_such_party",
        ),
        (lambda s, t: disable_person(s, t.clerk_person.id), "identity.no_such_person"),
        (lambda s, t: change_role(s, t.clerk_person.id, Role.ADMIN), "identity.no_such_person"),
        (lambda s, t: erase_person(s, t.clerk_person.id), "identity.no_such_person"),
        (lambda s, t: revoke_key(s, t.key.row.id), "identity.no_such_key"),
    ],
)
def test_another_tenants_ids_are_like_ids_that_nobody_has(store, ours, theirs, call, code):
    with writing(store, theirs.admin) as session:
        theirs.key = add_key(session, Role.API_KEY, label="theirs")
    before = everything(store)
    with pytest.raises(NotThereError) as caught, writing(store, ours.admin) as session:
        call(session, theirs)
    assert caught.value.code == code
    assert everything(store) == before


def test_no_query_of_the_room_returns_another_tenants_rows(store, ours, theirs):
    with writing(store, theirs.admin) as session:
        key = add_key(session, Role.API_KEY, label="theirs").row
    with reading(store, ours.admin) as session:
        assert repository.party_by_id(session, theirs.buyer.id) is None
        assert repository.person_by_id(session, theirs.clerk_person.id) is None
        assert repository.person_by_login(session, "admin@b.example.com") is None
        assert repository.key_by_id(session, key.id) is None
        assert repository.tenant_of_session(session).tenant == ours.tenant
        assert {one.tenant for one in repository.people(session, None)} == {ours.tenant}
        assert repository.people(session, theirs.shop.id) == []
        assert repository.keys(session, None, None, 50) == []
        assert repository.consents_of(session, theirs.buyer.id) == []
        assert {one.tenant for one in repository.parties(session, "buyer", None, 50)} == {ours.tenant}


@pytest.mark.parametrize("model", [ApiKey, Person])
def test_the_database_itself_links_no_row_to_another_tenants_party(store, ours, theirs, clock, model):
    common = {
        "tenant": ours.tenant,
        "id": "x_1",
        "role": "clerk",
        "party": theirs.shop.id,
        "made_at": clock(),
    }
    extra = {"totp_step": -1} if model is Person else {"label": "x", "salt": "", "hash": ""}
    with pytest.raises((IntegrityError, StoreError)), writing(store, ours.admin) as session:
        session.add(model(**common, **extra))


def test_an_admin_of_a_party_lets_in_for_that_party_only(store, ours, clock):
    with writing(store, ours.shop_admin) as session:
        add_person(session, "second@example.com", Role.CLERK, party=ours.shop.id, clock=clock)
        add_key(session, Role.API_KEY, label="till", party=ours.shop.id, clock=clock)
    for party, code in (
        (ours.rival.id, "identity.no_such_party"),
        (theirs_unknown(), "identity.no_such_party"),
        (None, "identity.not_allowed"),
    ):
        assert refused(store, ours.shop_admin, add_key, Role.CLERK, label="x", party=party) == code
        assert refused(store, ours.shop_admin, add_person, "x@example.com", Role.CLERK, party=party) == code
    assert refused(store, ours.shop_admin, disable_person, ours.admin_person.id) == "identity.no_such_person"


def theirs_unknown():
    return "party_00000000000000000000000000"


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.POLICY_EDITOR, Role.API_KEY, Role.BUYER])
def test_who_is_no_admin_adds_no_key_and_nobody(store, ours, role):
    principal = Principal(ours.tenant, "person_y", role)
    before = everything(store)
    for call, arguments in (
        (add_key, {"role": Role.CLERK, "label": "x"}),
        (add_person, {"login": "x@example.com", "role": Role.ADMIN}),
        (add_party, {"kind": PartyKind.MERCHANT}),
        (disable_person, {"id_": ours.admin_person.id}),
        (erase_party, {"id_": ours.buyer.id}),
    ):
        with pytest.raises(NotAllowedError), writing(store, principal) as session:
            call(session, **arguments)
    assert everything(store) == before


def test_a_role_changes_for_sessions_that_go_on_and_is_told(store, ours, told):
    for _ in range(2):
        with writing(store, ours.admin) as session:
            change_role(session, ours.clerk_person.id, Role.ADMIN)
    with reading(store, ours.admin) as session:
        assert repository.person_by_id(session, ours.clerk_person.id).role == "admin"
    event = told(ours, ours.clerk_person.id)[-1]
    assert (event.type, event.data) == ("identity.role_changed", {"role": "admin", "before": "clerk"})
    assert len(told(ours, ours.clerk_person.id)) == 2
    assert (
        refused(store, ours.admin, change_role, ours.clerk_person.id, Role.REVIEWER) == "identity.not_allowed"
    )
    assert refused(store, ours.admin, change_role, ours.clerk_person.id, Role.BUYER) == "identity.not_a_role"
    assert refused(store, ours.clerk, change_role, ours.clerk_person.id, Role.ADMIN) == "identity.not_allowed"


@pytest.mark.parametrize(
    "call", [disable_person, erase_person, lambda s, id_: change_role(s, id_, Role.CLERK)]
)
def test_nobody_shuts_out_or_demotes_itself_by_a_slip(store, ours, call):
    assert refused(store, ours.admin, call, ours.admin_person.id) == "identity.not_allowed"


def test_a_login_name_is_taken_once_in_a_tenant_and_free_in_another(store, ours, theirs):
    with writing(store, ours.admin) as session:
        add_person(session, "New@Example.com", Role.CLERK)
    assert refused(store, ours.admin, add_person, " new@example.COM", Role.CLERK) == "identity.login_taken"
    with writing(store, theirs.admin) as session:
        add_person(session, "new@example.com", Role.CLERK)


@pytest.mark.parametrize("role", [Role.BUYER, Role.PROGRAM, Role.API_KEY])
def test_buyers_and_programs_do_not_log_in(store, ours, role):
    assert refused(store, ours.admin, add_person, "x@example.com", role) == "identity.not_a_role"


def test_a_key_is_kept_as_a_hash_only(store, ours, clock, told):
    with writing(store, ours.admin) as session:
        made = add_key(
            session, Role.API_KEY, label="till", expires_at=clock() + timedelta(days=1), clock=clock
        )
    secret = made.text[-43:]
    assert secret not in everything(store)
    (event,) = told(ours, made.row.id)
    wanted = {"role": "api_key", "party": None, "expires_at": "2026-11-26T08:30:10.000Z"}
    assert (event.type, event.data) == ("identity.key_added", wanted)


def test_a_key_needs_a_tenant_a_role_and_an_end_to_come(store, ours, clock):
    nobody = Principal("tenant_nobody", "program_test", Role.PROGRAM)
    assert refused(store, nobody, add_key, Role.CLERK, label="x") == "identity.no_such_tenant"
    assert refused(store, ours.admin, add_key, Role.BUYER, label="x") == "identity.not_a_role"
    over = refused(store, ours.admin, add_key, Role.CLERK, label="x", expires_at=clock(), clock=clock)
    assert over == "identity.not_an_expiry"


def test_revoking_is_told_once(store, ours, told):
    with writing(store, ours.admin) as session:
        key = add_key(session, Role.API_KEY, label="till").row
    for _ in range(2):
        with writing(store, ours.admin) as session:
            revoke_key(session, key.id)
    assert [event.type for event in told(ours, key.id)] == ["identity.key_added", "identity.key_revoked"]


def test_erasing_a_buyer_leaves_nothing_personal_anywhere_and_the_chain_whole(store, ours, told):
    assert "13800138000" in everything(store)
    with writing(store, ours.admin) as session:
        erase_party(session, ours.buyer.id)
    left = everything(store)
    assert not any(word in left for word in ("张三", "13800138000", "zhang@example.com", "'B1'"))
    assert "茶具店" in left
    added, said, erased = told(ours, ours.buyer.id)
    assert said.type == "identity.party_erased"
    assert sorted(erased.data["names"]) == sorted(added.personal)
    with writing(store, ours.admin) as session:
        erase_party(session, ours.buyer.id)
    assert len(told(ours, ours.buyer.id)) == 3


def test_erasing_a_person_shuts_out_and_frees_the_login_name(store, ours):
    with writing(store, ours.admin) as session:
        erase_person(session, ours.clerk_person.id)
        add_person(session, "clerk@a.example.com", Role.CLERK)
    with reading(store, ours.admin) as session:
        gone = repository.person_by_id(session, ours.clerk_person.id)
        assert (gone.login, gone.name, gone.password) == (None, None, None)
        assert gone.disabled_at is not None
    with writing(store, ours.admin) as session:
        erase_person(session, repository.person_by_login(session, "clerk@a.example.com").id)
    assert "clerk@a.example.com" not in everything(store)


def test_two_houses_can_stand_in_one_store(store, clock):
    assert House(store, clock, "c").tenant != House(store, clock, "d").tenant
