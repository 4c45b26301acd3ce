"""Nobody makes or alters a link: whatever is changed, it is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bixie.identity.errors import LinkError
from bixie.identity.links import Ticket, seal, tenant_of, unseal
from bixie.identity.tokens import KeyText, csrf_token, is_csrf_token, new_secret, secret_hash

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
SECRET = b"s" * 32
TICKET = Ticket("tenant_a", "claim.answer", "claim_1", "party_1", "", NOW + timedelta(days=1), "signer_1")
TOKEN = seal(TICKET, SECRET)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
tickets = st.builds(
    Ticket,
    tenant=words,
    purpose=words,
    subject=words,
    party=words,
    once=words,
    expires=st.integers(1, 10**12).map(lambda number: NOW + timedelta(milliseconds=number)),
    key=words,
)


def code(token, secrets=None, tenant="tenant_a", purpose="claim.answer", now=NOW):
    with pytest.raises(LinkError) as caught:
        unseal(
            token,
            {"signer_1": SECRET} if secrets is None else secrets,
            tenant=tenant,
            purpose=purpose,
            now=now,
        )
    return caught.value.code


@given(tickets, st.binary(min_size=1, max_size=64))
def test_what_was_sealed_is_what_is_unsealed(ticket, secret):
    token = seal(ticket, secret)
    assert tenant_of(token) == ticket.tenant
    opened = unseal(token, {ticket.key: secret}, tenant=ticket.tenant, purpose=ticket.purpose, now=NOW)
    assert opened == ticket


@pytest.mark.parametrize("bit", range(7))
def test_any_single_bit_of_the_token_changed_is_refused(bit):
    for place in range(len(TOKEN)):
        changed = TOKEN[:place] + chr(ord(TOKEN[place]) ^ 1 << bit) + TOKEN[place + 1 :]
        assert code(changed) in {"identity.link_malformed", "identity.link_forged"}


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_any_other_letter_anywhere_is_refused(place, letter):
    if letter != TOKEN[place]:
        assert code(TOKEN[:place] + letter + TOKEN[place + 1 :]).startswith("identity.link_")


@given(st.integers(0, len(TOKEN) - 1))
def test_a_link_that_was_cut_or_lengthened_is_refused(length):
    assert code(TOKEN[:length]) in {"identity.link_malformed", "identity.link_forged"}
    assert code(TOKEN + TOKEN[:length] + "A").startswith("identity.link_")


@given(st.text(max_size=3000))
def test_any_text_is_refused_with_a_typed_error(text):
    assert code(text) == "identity.link_malformed"
    with pytest.raises(LinkError):
        tenant_of(text)


@given(tickets)
def test_what_another_key_sealed_is_forged(ticket):
    assert (
        code(seal(ticket, b"o" * 32), {ticket.key: SECRET}, ticket.tenant, ticket.purpose)
        == "identity.link_forged"
    )


def test_a_retired_key_opens_nothing_and_an_older_one_that_is_not_retired_does():
    assert code(TOKEN, {"signer_2": SECRET}) == "identity.link_forged"
    assert code(TOKEN, {}) == "identity.link_forged"
    both = {"signer_2": b"n" * 32, "signer_1": SECRET}
    assert unseal(TOKEN, both, tenant="tenant_a", purpose="claim.answer", now=NOW) == TICKET


def test_a_key_of_no_length_signs_nothing():
    unsigned = seal(TICKET, b"\0")
    assert code(unsigned, {}) == "identity.link_forged"


def test_another_tenant_another_purpose_and_another_time_are_refused():
    assert code(TOKEN, tenant="tenant_b") == "identity.link_other_tenant"
    assert code(TOKEN, purpose="claim.appeal") == "identity.link_other_purpose"
    assert code(TOKEN, now=TICKET.expires) == "identity.link_expired"
    last = TICKET.expires - timedelta(milliseconds=1)
    assert unseal(TOKEN, {"signer_1": SECRET}, tenant="tenant_a", purpose="claim.answer", now=last) == TICKET


@given(st.binary(min_size=32, max_size=32), st.integers(0, 42), st.integers(0, 6))
def test_any_single_bit_of_a_key_changed_is_another_key_or_none(random, place, bit):
    secret = new_secret(lambda _: random)
    changed = secret[:place] + chr(ord(secret[place]) ^ 1 << bit) + secret[place + 1 :]
    assert secret_hash(changed, "salt") != secret_hash(secret, "salt")
    assert not is_csrf_token(csrf_token(changed), secret)
    assert KeyText.read(f"bixie_{'0' * 26}_{'1' * 26}_{secret}").secret == secret
