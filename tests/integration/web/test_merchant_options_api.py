"""A merchant opts in and out by itself, and the ledger has every time during which it was in force."""

from datetime import timedelta

import pytest
from tests.integration.web.service import Client, new_key

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.cases.claims.loading import claim_options
from bixie.cases.merchant_options.errors import MerchantOptionError, NotYourOptionError
from bixie.cases.merchant_options.service import options_of, set_option, unset_option
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import add_party, add_tenant, founder
from bixie.kit.timestamps import format_timestamp, utc_now
from bixie.ledger.verification import verify
from bixie.policies.facts import REFUND_ONLY_ON_SILENCE, REFUND_ONLY_WITHOUT_PERSON

SMALL, SILENCE = REFUND_ONLY_WITHOUT_PERSON, REFUND_ONLY_ON_SILENCE
PATH = "/api/v1/merchant-options"


@pytest.fixture
def platform(store):
    """Id of a platform with two merchants and a buyer, and theirs."""
    who = founder()
    with writing(store, who) as session:
        add_tenant(session, "平台", TenantKind.PLATFORM)
        shops = [add_party(session, PartyKind.MERCHANT, name=name).id for name in ("甲店", "乙店")]
        buyer = add_party(session, PartyKind.BUYER, name="买家").id
    return who.tenant, *shops, buyer


def admin(tenant, party=None, role=Role.ADMIN):
    return Principal(tenant, "person_test", role, party)


def set_(store, who, option=SILENCE, **more):
    with writing(store, who) as session:
        return set_option(session, option, **more).id


def now_of(store, who, party, at=None, amount=None):
    with reading(store, who) as session:
        return options_of(session, party, at or utc_now(), amount)


def verified(store):
    with reading_every_tenant(store) as session:
        return verify(session).rows


def test_the_options_are_those_that_policy_packs_know():
    assert [one.key for one in claim_options().merchant_options] == [SMALL, SILENCE]


def test_only_the_merchants_own_admin_opts_in(store, platform):
    tenant, shop, rival, buyer = platform
    others = [
        admin(tenant),
        admin(tenant, shop, Role.CLERK),
        admin(tenant, shop, Role.API_KEY),
        admin(tenant, buyer),
        Principal(tenant, "program_test", Role.PROGRAM),
    ]
    for who in others:
        with pytest.raises(NotYourOptionError):
            set_(store, who)
        with pytest.raises(NotYourOptionError), writing(store, who) as session:
            unset_option(session, SILENCE)
    set_(store, admin(tenant, shop))
    assert now_of(store, admin(tenant), shop) == (SILENCE,)
    assert now_of(store, admin(tenant), rival) == now_of(store, admin(tenant), "") == ()
    assert now_of(store, admin(tenant, rival), shop) == ()


def test_an_option_applies_to_claims_filed_while_it_is_set(store, platform):
    tenant, shop, *_ = platform
    who, start = admin(tenant, shop), utc_now()
    moments = [start + timedelta(hours=hour) for hour in range(4)]
    set_(store, who, clock=lambda: moments[1])
    with writing(store, who) as session:
        unset_option(session, SILENCE, lambda: moments[3])
    assert [now_of(store, who, shop, at) for at in moments] == [(), (SILENCE,), (SILENCE,), ()]
    assert verified(store)


def test_a_limit_bounds_what_is_paid_and_can_be_changed(store, platform):
    tenant, shop, *_ = platform
    who = admin(tenant, shop)
    set_(store, who, SMALL, limit=2_000)
    assert [now_of(store, who, shop, amount=amount) for amount in (2_000, 2_001, None)] == [(SMALL,), (), ()]
    first = set_(store, who, SMALL, limit=2_000)
    assert set_(store, who, SMALL, limit=3_000) != first
    assert now_of(store, who, shop, amount=2_500) == (SMALL,)
    assert verified(store)


def test_what_cannot_be_set_is_refused(store, platform):
    tenant, shop, *_ = platform
    wrong = {
        "merchant_options.no_such_option": {"option": "pay_everything"},
        "merchant_options.limit_missing": {"option": SMALL, "limit": 0},
        "merchant_options.no_limit": {"option": SILENCE, "limit": 1},
        "merchant_options.until_past": {"option": SILENCE, "until": utc_now() - timedelta(days=1)},
    }
    for code, given in wrong.items():
        with pytest.raises(MerchantOptionError) as caught:
            set_(store, admin(tenant, shop), **given)
        assert caught.value.code == code
    assert now_of(store, admin(tenant), shop) == ()


def test_a_shop_on_its_own_opts_in_by_api(ours, theirs, port, store, tenant):
    until = format_timestamp(utc_now() + timedelta(days=30))
    answer = ours.call("PUT", f"{PATH}/{SMALL}", json={"limit": {"minor": 1_500}, "until": until})
    assert answer.status == 200
    made = answer.json()
    assert (made["limit"], made["in_force"], made["until"]) == (
        {"minor": 1_500, "currency": "CNY"},
        True,
        until,
    )
    assert theirs.get(PATH).json()["items"] == []
    assert ours.get(PATH).json()["items"] == [made]
    clerk = Client(port, new_key(store, tenant[0], Role.CLERK))
    assert clerk.get(PATH).status == 200
    assert clerk.call("DELETE", f"{PATH}/{SMALL}").code == "merchant_options.not_yours"
    for _ in range(2):
        assert ours.call("DELETE", f"{PATH}/{SMALL}").status == 204
    (ended,) = ours.get(PATH).json()["items"]
    assert (ended["in_force"], ended["unset_by"] == ended["set_by"]) == (False, True)
    events = ours.get("/api/v1/ledger/events?type=merchant.option_unset").json()["items"]
    assert len(events) == 1
    assert ours.call("PUT", f"{PATH}/gift", json={}).code == "merchant_options.no_such_option"
    assert ours.call("PUT", f"{PATH}/{SMALL}", json={"limit": {"minor": 1, "currency": "USD"}}).status == 422
