"""Names, and who may let whom in."""

from datetime import UTC, datetime

import pytest

from bixie.access.principal import Principal, Role
from bixie.identity.errors import IdentityError
from bixie.identity.rules import (
    PartyKind,
    checked_email,
    checked_login,
    checked_name,
    checked_phone,
    expiry_from_text,
    may_add_party,
    may_grant,
    may_manage,
)

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def who(role, party=None):
    return Principal("tenant_a", "person_1", role, party)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.PROGRAM)])
def test_only_admins_and_programs_manage(role):
    assert not may_manage(who(role), None)
    assert not may_manage(who(role, "party_1"), "party_1")
    assert not may_grant(who(role), Role.CLERK, None)


def test_an_admin_of_a_party_manages_that_party_only():
    admin = who(Role.ADMIN, "party_1")
    assert may_manage(admin, "party_1")
    assert not may_manage(admin, "party_2")
    assert not may_manage(admin, None)
    assert may_manage(who(Role.ADMIN), "party_2")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.POLICY_EDITOR, Role.BUYER, Role.PROGRAM])
def test_nobody_reviews_or_makes_the_rules_of_its_own_case(role):
    assert not may_grant(who(Role.ADMIN), role, "party_1")
    assert not may_grant(who(Role.ADMIN, "party_1"), role, "party_1")
    assert may_grant(who(Role.ADMIN), role, None)


def test_buyers_come_with_their_orders_merchants_are_let_in():
    assert may_add_party(who(Role.API_KEY), PartyKind.BUYER)
    assert not may_add_party(who(Role.API_KEY), PartyKind.MERCHANT)
    assert not may_add_party(who(Role.BUYER, "party_1"), PartyKind.BUYER)
    assert not may_add_party(who(Role.REVIEWER), PartyKind.BUYER)
    assert may_add_party(who(Role.ADMIN), PartyKind.MERCHANT)


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\nb", "a\u202eb", "a\0b", "\ud800"])
def test_a_name_that_nobody_can_see_is_refused(text):
    with pytest.raises(IdentityError, match=r"identity\.not_a_name"):
        checked_name(text)


def test_a_login_name_is_the_same_however_it_is_typed():
    assert checked_login(" Wang@Example.com ") == checked_login("ｗａｎｇ@example.COM") == "wang@example.com"


@pytest.mark.parametrize("text", ["a@b.cn", "wang.xiao-ming+tea@mail.example.com", "王@例子.中国"])
def test_an_address_that_can_be_written_to(text):
    assert checked_email(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@b",
        "a@b.",
        "a@@b.cn",
        "a b@c.cn",
        "a@b.cn\nBcc: x@y.cn",
        "a@b.cn,c@d.cn",
        "<a@b.cn>",
        "a@b.c" + "n" * 250,
    ],
)
def test_an_address_that_cannot(text):
    with pytest.raises(IdentityError, match=r"identity\.not_an_email"):
        checked_email(text)


def test_a_telephone_number_is_kept_without_its_blanks():
    assert checked_phone(" +86 (138) 0013-8000 ") == "+8613800138000"
    for wrong in ("", "1234", "1" * 16, "１３８００１３８０００", "138001380a0", "+", "++8613800138000"):
        with pytest.raises(IdentityError, match=r"identity\.not_a_phone"):
            checked_phone(wrong)


def test_a_day_counts_to_its_end_in_china():
    assert expiry_from_text("2026-12-31", NOW) == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert expiry_from_text("2026-11-25", NOW) == datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert expiry_from_text("2026-12-31T10:00:00+08:00", NOW) == datetime(2026, 12, 31, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-11-24", "2026-13-01", "2026-12-31T10:00:00", "2026-11-25T08:30:00Z", "9999-12-31"],
)
def test_an_end_that_is_none_or_over(text):
    with pytest.raises(IdentityError, match=r"identity\.not_an_expiry"):
        expiry_from_text(text, NOW)
