"""Logging in: right and wrong, slowed down and not shut out, second factors, sessions."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.integration.identity.conftest import PASSWORD, QUICK

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.identity import repository
from bixie.identity.authentication import ABSOLUTE, IDLE, authenticate_session, end_session
from bixie.identity.errors import CredentialError, IdentityError, NotAllowedError, NotThereError, TooSoonError
from bixie.identity.service import disable_person
from bixie.identity.signin import repository as signin
from bixie.identity.signin import second_factor
from bixie.identity.signin.login import Login, log_in, turn_off_second_factor
from bixie.identity.signin.models import Attempt
from bixie.identity.signin.password_links import password_link, set_password
from bixie.identity.signin.passwords import Strength
from bixie.identity.signin.totp import STEP_SECONDS, code_at, step_at
from bixie.identity.tokens import csrf_token
from bixie.ledger.service import NewEvent, append

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
NAME = "clerk@a.example.com"


@pytest.fixture
def attempt(store, house, clock):
    def one(password=PASSWORD, source=HOME, login=NAME, strength=QUICK, **more):
        shown = Login(login, password, source, **more)
        return log_in(store, house.tenant, shown, clock=clock, strength=strength)

    return one


@pytest.fixture
def fail(attempt):
    """Fail that often; return the codes of the refusals."""

    def many(times, password="wrong guess!", **more):
        codes = []
        for _ in range(times):
            with pytest.raises(IdentityError) as caught:
                attempt(password, **more)
            codes.append(caught.value.code)
        return codes

    return many


@pytest.fixture
def secret(store, house, clock):
    """The clerk's second factor, turned on; recovery codes beside it."""
    with writing(store, house.clerk) as session:
        second_factor.begin(session, "Bixie", lambda count: bytes(range(count)))
    made = bytes(range(20))
    with writing(store, house.clerk) as session:
        recovery = second_factor.confirm(session, code_at(made, step_at(clock())), clock)
    clock.pass_(seconds=STEP_SECONDS)
    return made, recovery


def now_code(secret, clock):
    return code_at(secret[0], step_at(clock()))


def test_the_right_password_opens_a_session(store, house, attempt, clock):
    got = attempt()
    assert got.person == house.clerk_person.id
    assert got.csrf == csrf_token(got.session)
    assert authenticate_session(store, got.session, clock) == house.clerk


def test_every_login_has_a_session_of_its_own(attempt):
    assert attempt().session != attempt().session


@pytest.mark.parametrize("login", ["nobody@example.com", "", "a\nb", "x" * 1000, "admin@b.example.com"])
def test_a_wrong_name_and_a_wrong_password_are_not_told_apart(fail, theirs, hashed, login):
    assert fail(1, login=login) == fail(1) == ["identity.login_refused"]
    # The slow hash is computed for names that nobody has as well.
    assert len(hashed) == 2


def test_who_has_no_password_or_is_shut_out_cannot_log_in(store, house, attempt, fail, clock):
    assert fail(1, "", login="admin@a.example.com") == ["identity.login_refused"]
    got = attempt()
    with writing(store, house.admin) as session:
        disable_person(session, house.clerk_person.id, clock)
    assert fail(1, PASSWORD) == ["identity.login_refused"]
    with pytest.raises(CredentialError):
        authenticate_session(store, got.session, clock)


def test_guessing_is_slowed_down_and_the_right_password_waits_as_well(attempt, fail, hashed, clock):
    fail(1)
    before = len(hashed)
    assert fail(5) == ["identity.login_refused"] * 4 + ["identity.too_soon"]
    assert len(hashed) == before + 4  # what came too soon was not looked at
    with pytest.raises(TooSoonError) as caught:
        attempt()
    assert caught.value.values == {"seconds": 1}
    clock.pass_(seconds=1)
    attempt()
    assert fail(5) == ["identity.login_refused"] * 5


def test_strangers_do_not_lock_the_owner_out(attempt, fail):
    for number in range(60):
        fail(2, source=f"203.0.113.{number}")
    assert attempt().person


def test_under_attack_a_new_source_still_has_an_attempt_and_a_known_device_all_of_them(attempt, fail):
    device = attempt().device
    for number in range(60):
        fail(1, source=f"203.0.113.{number}")
    assert fail(2, source=ELSEWHERE) == ["identity.login_refused", "identity.too_soon"]
    assert fail(4, source=ELSEWHERE, device=device) == ["identity.login_refused"] * 4
    assert attempt(source=ELSEWHERE, device=device).person


def test_the_device_of_one_person_is_none_for_another(attempt, fail, store, house, clock):
    device = attempt().device
    name = "admin@a.example.com"
    assert fail(6, login=name, device=device)[-1] == "identity.too_soon"
    assert fail(6, device="nonsense")[-1] == "identity.too_soon"


def test_a_stolen_device_is_slowed_down_too(attempt, fail):
    device = attempt().device
    assert fail(11, device=device)[-2:] == ["identity.login_refused", "identity.too_soon"]
    assert attempt(source=HOME).person  # its count is its own


def test_a_device_keeps_its_count_when_its_token_is_renewed(attempt, fail):
    first = attempt().device
    second = attempt(device=first).device
    fail(5, device=first)
    assert fail(6, device=second)[-1] == "identity.too_soon"


def test_one_source_that_tries_many_names_is_slowed_down(attempt, fail):
    for number in range(50):
        fail(1, login=f"name{number}@example.com")
    assert fail(1, login="fresh@example.com") == ["identity.too_soon"]
    assert attempt(source=ELSEWHERE).person


def test_an_own_account_does_not_clear_the_count_of_a_source(attempt, fail, store, house, clock):
    for number in range(49):
        fail(1, login=f"name{number}@example.com")
    attempt()
    fail(1, login="one.more@example.com")
    assert fail(1, login="fresh@example.com") == ["identity.too_soon"]


def test_many_attempts_at_once_are_not_more_than_one_after_the_other(store, house, attempt, hashed):
    failures = []

    def guess():
        try:
            attempt("wrong guess!")
        except IdentityError as error:
            failures.append(error.code)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(failures) == ["identity.login_refused"] * 5 + ["identity.too_soon"] * 7


def test_old_counts_are_forgotten(store, house, fail, clock):
    fail(6, login="nobody@example.com")
    clock.pass_(hours=25)
    fail(1, login="somebody@example.com")
    with reading(store, house.admin) as session:
        failures = session.scalars(sa.select(Attempt.failures)).all()
    # Of name and source, of the source, of the name, and what is on record for strangers.
    assert failures == [1, 1, 1, 1]


def test_a_hash_is_made_anew_when_the_parameters_were_raised(store, house, attempt):
    def kept():
        with reading(store, house.admin) as session:
            return repository.person_by_id(session, house.clerk_person.id).password

    before = kept()
    attempt()
    assert kept() == before
    attempt(strength=Strength(cost=5, block=8, lanes=1))
    assert kept().startswith("scrypt$5$8$1$")
    assert attempt(strength=Strength(cost=5, block=8, lanes=1)).person


def test_another_tenants_person_does_not_log_in_here(store, house, theirs, clock):
    with pytest.raises(CredentialError):
        log_in(store, theirs.tenant, Login(NAME, PASSWORD, HOME), clock=clock, strength=QUICK)
    with pytest.raises(CredentialError):
        log_in(store, "tenant_nobody", Login(NAME, PASSWORD, HOME), clock=clock, strength=QUICK)


def test_with_a_second_factor_the_password_is_not_enough(attempt, fail, secret, clock):
    assert fail(8, PASSWORD) == ["identity.code_needed"] * 8  # no failure: the password was right
    assert fail(1, PASSWORD, code="000000") == ["identity.code_refused"]
    assert attempt(code=now_code(secret, clock)).person


def test_a_code_is_not_looked_at_without_the_password(fail, attempt, secret, clock):
    assert fail(1, code=now_code(secret, clock)) == ["identity.login_refused"]
    assert attempt(code=now_code(secret, clock)).person


def test_a_used_code_counts_no_more(attempt, fail, secret, clock):
    code = now_code(secret, clock)
    attempt(code=code)
    assert fail(1, PASSWORD, code=code) == ["identity.code_refused"]
    clock.pass_(seconds=STEP_SECONDS)
    assert fail(1, PASSWORD, code=code) == ["identity.code_refused"]
    attempt(code=now_code(secret, clock))


def test_a_code_used_twice_at_once_opens_one_session(attempt, secret, clock):
    code, outcomes = now_code(secret, clock), []

    def enter(number):
        try:
            outcomes.append(bool(attempt(code=code, source=f"192.0.2.{number}").session))
        except CredentialError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [True, *["identity.code_refused"] * 3]


def test_a_recovery_code_stands_in_once(store, house, attempt, fail, secret):
    code = secret[1][3]
    attempt(code=code.upper())
    assert fail(1, PASSWORD, code=code) == ["identity.code_refused"]
    attempt(code=secret[1][4])
    with writing(store, house.admin) as session:
        assert len(signin.recovery_codes(session, house.clerk_person.id)) == 8


def test_guessing_codes_from_everywhere_is_slowed_down_for_who_knows_the_password(
    attempt, fail, secret, clock
):
    got = attempt(code=now_code(secret, clock))
    for number in range(10):
        fail(1, PASSWORD, source=f"203.0.113.{number}", code="000000")
    assert fail(1, PASSWORD, source=ELSEWHERE, code="000000") == ["identity.too_soon"]
    clock.pass_(seconds=STEP_SECONDS)
    fail(1, PASSWORD, source=ELSEWHERE, code="000000")
    assert attempt(device=got.device, code=now_code(secret, clock)).person


def test_the_second_factor_is_on_when_its_first_code_was_right(store, house, attempt, clock):
    with writing(store, house.clerk) as session:
        shown = second_factor.begin(session, "Bixie")
    assert shown.startswith("otpauth://totp/")
    with pytest.raises(CredentialError), writing(store, house.clerk) as session:
        second_factor.confirm(session, "000000", clock)
    attempt()


def test_the_second_factor_cannot_be_replaced_by_who_found_an_open_session(store, house, secret, clock):
    with pytest.raises(IdentityError, match="totp_is_on"), writing(store, house.clerk) as session:
        second_factor.begin(session, "Bixie")
    with pytest.raises(IdentityError, match="totp_is_on"), writing(store, house.clerk) as session:
        second_factor.confirm(session, now_code(secret, clock), clock)
    with pytest.raises(NotAllowedError), writing(store, house.clerk) as session:
        second_factor.turn_off(session, house.clerk_person.id, clock)
    own_admin = Principal(house.tenant, house.clerk_person.id, Role.ADMIN)
    with pytest.raises(NotAllowedError), writing(store, own_admin) as session:
        second_factor.turn_off(session, house.clerk_person.id, clock)


def test_turning_it_off_takes_what_logging_in_takes(store, house, attempt, fail, secret, clock, told):
    def off(code, password=PASSWORD):
        shown = Login(NAME, password, HOME, code=code)
        turn_off_second_factor(store, house.tenant, shown, clock=clock, strength=QUICK)

    codes = []
    for _ in range(6):
        with pytest.raises(IdentityError) as caught:
            off("000000")
        codes.append(caught.value.code)
    assert codes == ["identity.code_refused"] * 5 + ["identity.too_soon"]
    clock.pass_(minutes=15)
    off(now_code(secret, clock))
    attempt()
    kinds = [event.type for event in told(house, house.clerk_person.id)]
    last = ["signed_in", "second_factor_off", "session_ended", "signed_in"]
    assert kinds[-4:] == [f"identity.{name}" for name in last]
    with reading(store, house.admin) as session:
        assert len(signin.open_sessions(session, house.clerk_person.id)) == 1


def test_an_admin_turns_it_off_for_who_lost_the_telephone(store, house, theirs, attempt, secret, clock, told):
    other = Principal(house.tenant, "person_other", Role.CLERK, house.shop.id)
    for principal, kind in ((other, NotAllowedError), (theirs.admin, NotThereError)):
        with pytest.raises(kind), writing(store, principal) as session:
            second_factor.turn_off(session, house.clerk_person.id, clock)
    for _ in range(2):
        with writing(store, house.admin) as session:
            second_factor.turn_off(session, house.clerk_person.id, clock)
    attempt()
    kinds = [event.type.removeprefix("identity.") for event in told(house, house.clerk_person.id)]
    assert kinds[3:] == ["second_factor_begun", "second_factor_on", "second_factor_off", "signed_in"]


def test_who_makes_up_tenants_leaves_nothing_in_the_store(store, house, clock):
    with pytest.raises(CredentialError):
        log_in(store, "tenant_made_up", Login(NAME, PASSWORD, HOME), clock=clock, strength=QUICK)
    nobody = Principal("tenant_made_up", "program_test", Role.PROGRAM)
    with reading(store, nobody) as session:
        assert session.scalars(sa.select(Attempt)).all() == []
        assert repository.signing_keys(session) == []


def test_an_idle_session_ends_and_a_used_one_goes_on_for_a_day_s_work(store, house, attempt, clock):
    token = attempt().session
    for _ in range(5):
        clock.pass_(seconds=IDLE.total_seconds() - 1)
        authenticate_session(store, token, clock)
    clock.pass_(seconds=IDLE.total_seconds())
    assert ended(store, token, clock)
    token = attempt().session
    began = clock()
    while clock() - began < ABSOLUTE - timedelta(hours=1):
        clock.pass_(hours=1)
        authenticate_session(store, token, clock)
    clock.pass_(hours=1)
    assert ended(store, token, clock)


def ended(store, token, clock):
    with pytest.raises(CredentialError) as caught:
        authenticate_session(store, token, clock)
    return caught.value.code == "identity.session_ended"


def test_a_session_is_the_person_as_it_is_now(store, house, attempt, clock):
    token = attempt().session
    with writing(store, house.admin) as session:
        person = repository.locked_person(session, house.clerk_person.id)
        person.role, person.party = "reviewer", None
        append(session, [NewEvent("test.moved", person.id, rows=(person,))], clock)
    assert authenticate_session(store, token, clock) == Principal(house.tenant, person.id, Role.REVIEWER)
    with writing(store, house.admin) as session:
        disable_person(session, person.id, clock)
    assert ended(store, token, clock)


def test_logging_out_ends_one_session(store, attempt, clock):
    one, other = attempt().session, attempt().session
    for _ in range(2):
        end_session(store, one, clock)
    assert ended(store, one, clock)
    authenticate_session(store, other, clock)


def test_a_new_password_ends_all_sessions(store, house, attempt, clock):
    token = attempt().session
    clock.pass_(seconds=1)
    with writing(store, house.admin) as session:
        link = password_link(session, house.clerk_person.id, clock).token
    set_password(store, link, "another kettle", clock, QUICK)
    assert ended(store, token, clock)


def test_a_session_is_of_its_tenant_and_of_nobody_else(store, house, theirs, attempt, clock):
    token = attempt().session
    moved = theirs.tenant.removeprefix("tenant_") + token[26:]
    for wrong in (moved, token[:-1], token[:-2] + "xx", "", token + "x"):
        assert ended(store, wrong, clock)


def test_of_a_session_only_a_hash_is_kept(store, house, attempt):
    token = attempt().session
    with reading(store, house.admin) as session:
        (row,) = signin.open_sessions(session, house.clerk_person.id)
    assert token[27:] not in repr(vars(row))
