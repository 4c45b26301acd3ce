"""What signing in leaves on record, and what it does not."""

import pytest
from tests.integration.identity.conftest import PASSWORD, QUICK

from bixie.access.tenancy import reading, writing
from bixie.identity.authentication import SILENCE, authenticate_key, end_session
from bixie.identity.erasure import erase_person
from bixie.identity.errors import IdentityError
from bixie.identity.service import add_key, disable_person
from bixie.identity.signin import second_factor
from bixie.identity.signin.login import Login, change_password, log_in
from bixie.identity.signin.totp import STEP_SECONDS, code_at, step_at
from bixie.ledger.repository import page, personal_of

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
NAME = "clerk@a.example.com"
WRONG = "wrong guess!"


@pytest.fixture
def attempt(store, house, clock):
    """Sign in; return the refusal's code, or the session."""

    def one(password=PASSWORD, source=HOME, login=NAME, tenant=None, **more):
        shown = Login(login, password, source, **more)
        try:
            return log_in(store, tenant or house.tenant, shown, clock=clock, strength=QUICK).session
        except IdentityError as error:
            return error.code

    return one


@pytest.fixture
def recorded(store, house, told):
    """The events of one type about a person, by default the clerk."""

    def read(kind, subject=None):
        return [
            event
            for event in told(house, subject or house.clerk_person.id)
            if event.type == f"identity.{kind}"
        ]

    return read


def sources(store, house, event):
    with reading(store, house.program) as session:
        return [one.value for one in personal_of(session, event.sequence) if one.name == "source"]


def test_a_sign_in_and_a_sign_out_are_on_record(store, house, attempt, recorded, clock):
    end_session(store, attempt(), clock)
    (event,) = recorded("signed_in")
    assert event.data == {"failures": 0, "second_factor": None, "known_device": False}
    assert sources(store, house, event) == [f'"{HOME}"']
    assert len(recorded("session_ended")) == 1


def test_failures_are_on_record_with_their_number_and_the_sign_in_says_how_many(attempt, recorded, clock):
    for _ in range(5):
        attempt(WRONG)
    clock.pass_(seconds=1)
    attempt()
    failed = [(event.data["count"], event.data["reason"]) for event in recorded("sign_in_failed")]
    assert failed == [(1, "password"), (2, "password"), (4, "password")]
    assert [event.data["wait_s"] for event in recorded("sign_in_locked_out")] == [1]
    assert recorded("signed_in")[0].data["failures"] == 5
    attempt(WRONG)
    assert recorded("sign_in_failed")[-1].data["count"] == 1


def test_a_flood_of_failures_adds_few_events(attempt, recorded, house):
    for number in range(130):
        attempt(WRONG, source=f"203.0.113.{number}")
        attempt(WRONG, source=f"203.0.113.{number}", login=f"name{number}@example.com")
    of_the_clerk, of_strangers = recorded("sign_in_failed"), recorded("sign_in_failed", house.tenant)
    assert [event.data["count"] for event in of_the_clerk] == [1, 2, 4, 8, 16, 32, 64, 128]
    assert [event.data["count"] for event in of_strangers] == [1, 2, 4, 8, 16, 32, 64, 128]
    assert {event.data["reason"] for event in of_strangers} == {"unknown"}


def test_a_window_lasts_a_day(attempt, recorded, clock):
    for _ in range(3):
        attempt(WRONG)
    clock.pass_(hours=24)
    attempt(WRONG)
    assert [event.data["count"] for event in recorded("sign_in_failed")] == [1, 2, 1]


def test_nothing_that_was_typed_is_kept(store, house, attempt, clock):
    typed = "my secret words"
    attempt(typed)
    attempt(typed, login=typed)
    attempt(typed, tenant="tenant_made_up")
    change = Login(NAME, PASSWORD, HOME)
    change_password(store, house.tenant, change, typed, clock=clock, strength=QUICK)
    with reading(store, house.program) as session:
        rows = page(session, 0, 1000, None, None)
        personal = [one.value for row in rows for one in personal_of(session, row.sequence)]
    assert typed not in "".join([*(row.body for row in rows), *personal])
    assert HOME not in "".join(row.body for row in rows)


def test_erasing_a_person_erases_the_addresses(store, house, attempt, recorded, clock):
    attempt()
    attempt(WRONG)
    with writing(store, house.admin) as session:
        erase_person(session, house.clerk_person.id, clock)
    for event in (*recorded("signed_in"), *recorded("sign_in_failed")):
        assert "source" in event.personal
        assert sources(store, house, event) == []


def test_why_an_attempt_failed_is_on_record(store, house, attempt, recorded, clock):
    attempt(login="admin@a.example.com")
    with writing(store, house.admin) as session:
        disable_person(session, house.clerk_person.id, clock)
    attempt()
    (no_password,) = recorded("sign_in_failed", house.admin_person.id)
    (disabled,) = recorded("sign_in_failed")
    assert (no_password.data["reason"], disabled.data["reason"]) == ("no_password", "disabled")


def test_every_path_computes_the_slow_hash_once(store, house, attempt, hashed, clock):
    attempt()  # counts that are made at the first attempt are made
    counts = {}

    def count(name, **how):
        hashed.clear()
        answer = attempt(**how)
        counts[name] = len(hashed)
        return answer

    count("right", source="192.0.2.10")
    refused = {
        count("wrong password", password=WRONG, source="192.0.2.11"),
        count("unknown person", login="nobody@example.com", source="192.0.2.12"),
        count("no password", login="admin@a.example.com", source="192.0.2.13"),
        count("unknown tenant", tenant="tenant_made_up", source="192.0.2.14"),
        count("a tenant that is no id", tenant="\n", source="192.0.2.15"),
    }
    with writing(store, house.admin) as session:
        disable_person(session, house.clerk_person.id, clock)
    refused.add(count("disabled", source="192.0.2.16"))
    assert refused == {"identity.login_refused"}
    assert set(counts.values()) == {1}, counts


def test_who_must_wait_is_told_so_whether_the_name_exists_or_not(attempt, hashed):
    for login in (NAME, "nobody@example.com"):
        for _ in range(5):
            attempt(WRONG, login=login)
        hashed.clear()
        assert attempt(WRONG, login=login) == "identity.too_soon"
        assert hashed == []  # as many for the one as for the other


def test_second_factors_and_used_recovery_codes_are_on_record(store, house, attempt, recorded, clock):
    secret = bytes(range(20))
    with writing(store, house.clerk) as session:
        second_factor.begin(session, "Bixie", lambda _: secret)
    with writing(store, house.clerk) as session:
        recovery = second_factor.confirm(session, code_at(secret, step_at(clock())), clock)
    clock.pass_(seconds=STEP_SECONDS)
    assert attempt() == "identity.code_needed"
    assert attempt(code="000000") == "identity.code_refused"
    attempt(code=code_at(secret, step_at(clock())))
    attempt(code=recovery[0])
    reasons = [event.data["reason"] for event in recorded("sign_in_failed")]
    assert reasons == ["code_missing", "code"]
    factors = [event.data["second_factor"] for event in recorded("signed_in")]
    assert factors == ["totp", "recovery_code"]
    assert [event.data for event in recorded("recovery_code_used")] == [{"left": 9}]
    assert len(recorded("second_factor_on")) == 1


def test_passwords_and_links_to_set_them_are_on_record(store, house, attempt, recorded, clock):
    attempt()
    clock.pass_(seconds=1)  # links tell passwords apart by when they were set
    new = "lamp kettle window"
    change_password(store, house.tenant, Login(NAME, PASSWORD, HOME), new, clock=clock, strength=QUICK)
    assert attempt() == "identity.login_refused"
    assert attempt(new).startswith(house.tenant.removeprefix("tenant_"))
    by_link, by_self = recorded("password_set")
    assert by_link.data == {"by": "link", "sessions_ended": 0}
    assert by_self.data == {"by": "self", "sessions_ended": 2}
    assert by_self.actor == house.clerk_person.id
    (made,) = recorded("password_link_made")
    assert made.data == {"expires_at": "2026-11-26T08:30:10.000Z"}
    assert made.actor == house.admin_person.id


def test_an_own_password_needs_the_present_one_and_a_good_new_one(store, house, attempt, clock):
    def change(present, new):
        with pytest.raises(IdentityError) as caught:
            change_password(store, house.tenant, Login(NAME, present, HOME), new, clock=clock, strength=QUICK)
        return caught.value.code

    assert change(WRONG, "lamp kettle window") == "identity.login_refused"
    assert change(PASSWORD, "password123") == "identity.password_common"
    assert attempt().startswith(house.tenant.removeprefix("tenant_"))


def test_the_first_use_of_a_key_and_one_after_a_long_silence_are_on_record(store, house, recorded, clock):
    with writing(store, house.admin) as session:
        key = add_key(session, house.admin.role, label="till", clock=clock)

    def use(**passed):
        clock.pass_(**passed)
        authenticate_key(store, key.text, clock, source=HOME)
        return [event.data["unused_days"] for event in recorded("key_used", key.row.id)]

    assert use(days=40) == [None]
    assert use(minutes=5) == [None]
    assert use(days=SILENCE.days - 1) == [None]
    assert use(days=SILENCE.days) == [None, 30]
    assert sources(store, house, recorded("key_used", key.row.id)[0]) == [f'"{HOME}"']
