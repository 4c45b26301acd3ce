"""Keys, links and sessions become principals, or a typed refusal."""

from datetime import timedelta

import pytest
from tests.integration.identity.conftest import QUICK

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.identity import repository
from bixie.identity.authentication import authenticate_key, authenticate_link
from bixie.identity.erasure import erase_party
from bixie.identity.errors import CredentialError, IdentityError, LinkError, NotAllowedError, NotThereError
from bixie.identity.service import add_key, disable_person, revoke_key
from bixie.identity.signin.password_links import password_link, set_password
from bixie.identity.signing import MAX_DAYS, buyer_link, rotate, signed


def code(call, *arguments):
    with pytest.raises(IdentityError) as caught:
        call(*arguments)
    return caught.value.code


@pytest.fixture
def key(store, ours, clock):
    with writing(store, ours.admin) as session:
        return add_key(
            session,
            Role.CLERK,
            label="till",
            party=ours.shop.id,
            expires_at=clock() + timedelta(days=1),
            clock=clock,
        )


def link(store, house, clock, **changed):
    given = {"purpose": "claim.answer", "subject": "claim_1", "party": house.buyer.id}
    given["expires"] = clock() + timedelta(days=3)
    with writing(store, house.admin) as session:
        return buyer_link(session, **{**given, **changed}, clock=clock)


def test_a_key_is_whom_it_was_given_to(store, ours, key, clock):
    assert authenticate_key(store, key.text, clock) == Principal(
        ours.tenant, key.row.id, Role.CLERK, ours.shop.id
    )


def test_a_key_with_anything_else_in_it_is_not_known(store, ours, theirs, key, clock):
    secret, shown = key.text[-43:], key.text[:-43]
    of_theirs = shown.replace(ours.tenant[7:], theirs.tenant[7:]) + secret
    no_such = f"bixie_{ours.tenant[7:]}_{'0' * 26}_{secret}"
    nowhere = f"bixie_{'0' * 26}_{key.row.id[4:]}_{secret}"
    for text in (shown + secret[::-1], of_theirs, no_such, nowhere, secret, ""):
        with pytest.raises(CredentialError, match=r"identity\.key_unknown"):
            authenticate_key(store, text, clock)


def test_a_key_ends_when_it_says_and_when_it_is_revoked(store, ours, key, clock):
    clock.pass_(days=1, seconds=-1)
    authenticate_key(store, key.text, clock)
    clock.pass_(seconds=1)
    assert code(authenticate_key, store, key.text, clock) == "identity.key_expired"
    clock.pass_(days=-1)
    with writing(store, ours.admin) as session:
        revoke_key(session, key.row.id, clock)
    assert code(authenticate_key, store, key.text, clock) == "identity.key_revoked"
    assert code(authenticate_key, store, key.text[:-1] + "x", clock) == "identity.key_unknown"


def test_when_a_key_was_last_used_is_noted_to_the_minute(store, ours, key, clock):
    def used():
        with reading(store, ours.admin) as session:
            return repository.key_by_id(session, key.row.id).used_at

    assert used() is None
    authenticate_key(store, key.text, clock)
    first = used()
    clock.pass_(seconds=59)
    authenticate_key(store, key.text, clock)
    assert used() == first == clock() - timedelta(seconds=59)
    clock.pass_(seconds=1)
    authenticate_key(store, key.text, clock)
    assert used() == clock()


def test_a_link_makes_its_buyer_a_principal_for_one_purpose(store, ours, clock):
    token = link(store, ours, clock)
    principal, ticket = authenticate_link(store, token, "claim.answer", clock)
    assert principal == ours.buyer_self
    assert (ticket.subject, ticket.tenant) == ("claim_1", ours.tenant)
    assert code(authenticate_link, store, token, "claim.appeal", clock) == "identity.link_other_purpose"
    clock.pass_(days=3)
    assert code(authenticate_link, store, token, "claim.answer", clock) == "identity.link_expired"


def test_a_link_of_another_tenant_says_nothing_here(store, ours, theirs, clock):
    mine, other = link(store, ours, clock), link(store, theirs, clock)
    # Each part is genuine, in another's place.
    crossed = f"{mine.partition('.')[0]}.{other.partition('.')[2]}"
    assert code(authenticate_link, store, crossed, "claim.answer", clock) == "identity.link_forged"
    assert authenticate_link(store, other, "claim.answer", clock)[0].tenant == theirs.tenant
    with pytest.raises(NotThereError), writing(store, ours.admin) as session:
        buyer_link(session, "claim.answer", "claim_1", party=theirs.buyer.id, expires=clock())


def test_links_outlive_a_new_key_unless_the_old_one_is_retired(store, ours, clock):
    token = link(store, ours, clock)
    clock.pass_(seconds=1)
    with writing(store, ours.admin) as session:
        made = rotate(session, clock=clock)
    clock.pass_(seconds=1)
    newer = link(store, ours, clock)
    assert authenticate_link(store, newer, "claim.answer", clock)[1].key == made
    assert authenticate_link(store, token, "claim.answer", clock)[1].key != made
    with writing(store, ours.admin) as session:
        rotate(session, retire=True, clock=clock)
    for gone in (token, newer):
        assert code(authenticate_link, store, gone, "claim.answer", clock) == "identity.link_forged"
    authenticate_link(store, link(store, ours, clock), "claim.answer", clock)


def test_who_is_no_admin_of_the_tenant_changes_no_signing_key(store, ours):
    for principal in (ours.clerk, ours.shop_admin, ours.buyer_self):
        with pytest.raises(NotAllowedError), writing(store, principal) as session:
            rotate(session)


def test_a_link_for_years_is_refused(store, ours, clock):
    with pytest.raises(LinkError) as caught:
        link(store, ours, clock, expires=clock() + timedelta(days=MAX_DAYS, seconds=1))
    assert caught.value.code == "identity.link_too_long"


def test_an_erased_buyers_links_open_nothing(store, ours, clock):
    token = link(store, ours, clock)
    with writing(store, ours.admin) as session:
        erase_party(session, ours.buyer.id)
    assert code(authenticate_link, store, token, "claim.answer", clock) == "identity.link_forged"


def test_a_token_for_something_else_makes_nobody_a_buyer(store, ours, clock):
    with writing(store, ours.admin) as session:
        device = signed(session, "device", ours.admin_person.id, clock() + timedelta(days=1), clock=clock)
    assert code(authenticate_link, store, device, "claim.answer", clock) == "identity.link_other_purpose"
    assert code(authenticate_link, store, device, "device", clock) == "identity.link_forged"


def password_token(store, house, clock):
    with writing(store, house.admin) as session:
        return password_link(session, house.clerk_person.id, clock).token


def test_a_link_sets_a_password_once(store, ours, clock, told, hashed):
    token = password_token(store, ours, clock)
    assert set_password(store, token, "kettle lamp", clock, QUICK) == ours.clerk_person.id
    assert code(set_password, store, token, "kettle lamp 2", clock, QUICK) == "identity.link_used"
    assert told(ours, ours.clerk_person.id)[-1].type == "identity.password_set"
    assert len(hashed) == 1  # a link that was used costs no work


def test_a_newer_password_ends_the_links_before_it(store, ours, clock):
    first, second = password_token(store, ours, clock), password_token(store, ours, clock)
    set_password(store, second, "kettle lamp", clock, QUICK)
    assert code(set_password, store, first, "kettle lamp", clock, QUICK) == "identity.link_used"


def test_a_refused_password_leaves_the_link_good(store, ours, clock):
    token = password_token(store, ours, clock)
    assert code(set_password, store, token, "password123", clock, QUICK) == "identity.password_common"
    assert code(set_password, store, token, "clerk@a.example.com", clock, QUICK) == "identity.password_common"
    set_password(store, token, "kettle lamp", clock, QUICK)


def test_a_password_link_holds_a_day_and_not_for_who_is_shut_out(store, ours, clock):
    token = password_token(store, ours, clock)
    clock.pass_(hours=24)
    assert code(set_password, store, token, "kettle lamp", clock, QUICK) == "identity.link_expired"
    token = password_token(store, ours, clock)
    with writing(store, ours.admin) as session:
        disable_person(session, ours.clerk_person.id, clock)
    assert code(set_password, store, token, "kettle lamp", clock, QUICK) == "identity.link_used"


def test_nobody_gets_a_password_link_for_itself_or_for_strangers(store, ours, theirs, clock):
    for principal, whom, kind in (
        (ours.admin, ours.admin_person, NotAllowedError),
        (ours.clerk, ours.admin_person, NotThereError),
        (ours.clerk, ours.clerk_person, NotAllowedError),
        (ours.shop_admin, ours.admin_person, NotThereError),
        (ours.admin, theirs.clerk_person, NotThereError),
    ):
        with pytest.raises(kind), writing(store, principal) as session:
            password_link(session, whom.id, clock)
