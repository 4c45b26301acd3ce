"""The first steps into an empty store, once."""

import pytest
from tests.integration.identity.conftest import PASSWORD, QUICK

from bixie.access.tenancy import writing
from bixie.identity.errors import IdentityError, LinkError
from bixie.identity.rules import TenantKind
from bixie.identity.service import add_tenant, founder
from bixie.identity.signin.login import Login, log_in
from bixie.identity.signin.setup import open_setup, use_setup


def use(store, token, clock, **changed):
    given = {
        "name": "茶具店",
        "kind": TenantKind.MERCHANT,
        "login": "owner@example.com",
        "password": PASSWORD,
    }
    return use_setup(store, token, **{**given, **changed}, clock=clock, strength=QUICK)


def code(store, token, clock, **changed):
    with pytest.raises(IdentityError) as caught:
        use(store, token, clock, **changed)
    return caught.value.code


def test_the_link_makes_a_tenant_with_an_admin_who_can_log_in(store, clock):
    owner = use(store, open_setup(store, clock), clock)
    shown = Login("owner@example.com", PASSWORD, "192.0.2.1")
    assert log_in(store, owner.tenant, shown, clock=clock, strength=QUICK).person == owner.id


def test_it_holds_once_and_never_again_is_there_another(store, clock):
    token = open_setup(store, clock)
    use(store, token, clock)
    assert code(store, token, clock) == "identity.link_used"
    assert open_setup(store, clock) is None


def test_only_the_newest_link_holds(store, clock):
    first, second = open_setup(store, clock), open_setup(store, clock)
    assert code(store, first, clock) == "identity.link_used"
    use(store, second, clock)


def test_it_holds_a_day(store, clock):
    token = open_setup(store, clock)
    clock.pass_(hours=24)
    assert code(store, token, clock) == "identity.link_expired"


def test_a_tenant_of_the_command_line_closes_it(store, clock):
    token = open_setup(store, clock)
    with writing(store, founder(clock)) as session:
        add_tenant(session, "Platform", TenantKind.PLATFORM, clock)
    with pytest.raises(LinkError, match="link_used"):
        use(store, token, clock)


@pytest.mark.parametrize("changed", [{"password": "password123"}, {"name": ""}, {"login": "\n"}])
def test_what_is_refused_leaves_the_link_good(store, clock, changed):
    token = open_setup(store, clock)
    code(store, token, clock, **changed)
    use(store, token, clock)


@pytest.mark.parametrize("token", ["", "x", "0" * 43])
def test_a_guess_opens_nothing(store, clock, token):
    assert code(store, token, clock) == "identity.link_used"
    open_setup(store, clock)
    assert code(store, token, clock) == "identity.link_used"
