"""Rows of people, keys, sessions and webhooks are held against the ledger: who changes one is found."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from tests.integration.identity.conftest import PASSWORD, QUICK

from bixie.access.principal import Role
from bixie.access.tenancy import reading_every_tenant, writing
from bixie.identity import consent, repository
from bixie.identity.authentication import end_session
from bixie.identity.consent import Asked
from bixie.identity.erasure import erase_party, erase_person
from bixie.identity.models import Person
from bixie.identity.service import add_key, revoke_key
from bixie.identity.signin import second_factor
from bixie.identity.signin.login import Login, log_in
from bixie.identity.signin.password_links import password_link, set_password
from bixie.identity.signin.totp import code_at, step_at
from bixie.identity.signing import rotate
from bixie.ledger.errors import BrokenLedger, UnrecordedError
from bixie.ledger.models import LedgerEvent, LedgerPersonal
from bixie.ledger.recorded import key_columns, recorded_models
from bixie.ledger.verification import verify
from bixie.notices.models import WebhookTarget
from bixie.notices.service import Message, add_target, notify, rotate_secret
from bixie.notices.service import erase_party as erase_messages

SECRET = bytes(range(20))
CHANGES = {
    "identity_tenant": {"name": "'x'", "kind": "'merchant'", "made_at": ":early"},
    "identity_party": {"kind": "'x'", "phone": "'1'", "erased_at": ":early"},
    "identity_person": {
        "role": "'admin'",
        "party": "NULL",
        "login": "id",
        "password": "'x'",
        "password_set_at": ":early",
        "totp_secret": "NULL",
        "totp_confirmed_at": "NULL",
        "disabled_at": ":early",
        "sequence": "sequence + 1",
    },
    "identity_recovery_code": {"salt": "'x'", "hash": "'x'"},
    "identity_session": {"ended_at": "NULL", "made_at": ":early"},
    "identity_key": {
        "role": "'admin'",
        "label": "'x'",
        "hash": "'x'",
        "salt": "'x'",
        "revoked_at": "NULL",
        "expires_at": ":early",
    },
    "identity_signing_key": {"secret": "'x'", "retired_at": "NULL", "made_at": ":early"},
    "notice": {"body": "'x'", "read_at": ":early", "template": "'x'"},
    "notice_webhook": {"url": "'x'", "secret": "'x'", "former_secret": "NULL", "events": "'[]'"},
}
EARLY = "2019-01-01T00:00:00.000Z"
MESSAGE = Message("password_link", {"link": "https://shop.example/x", "until": "2030-01-01"}, "thing_1")


@pytest.fixture(autouse=True)
def _ledger_holds():
    """Nothing is verified afterwards: these tests tamper."""


@pytest.fixture
def house(store, ours, clock):
    """Our tenant, with a row in every table, made by the services."""
    clerk = ours.clerk_person.id
    with writing(store, ours.admin) as session:
        rotate(session, clock=clock)
        rotate(session, retire=True, clock=clock)
        token = password_link(session, clerk, clock).token
        revoke_key(session, add_key(session, Role.API_KEY, label="till", clock=clock).row.id, clock)
        asked = Asked("register.compare", ["phone"], "同意", "1", "zh")
        given = consent.give(session, ours.buyer.id, asked, clock)
        consent.withdraw(session, given.id, clock)
        notify(session, MESSAGE, party=ours.buyer.id, clock=clock)
        rotate_secret(
            session, add_target(session, "https://shop.example/", ["claim.decided"], clock=clock).id, clock
        )
    set_password(store, token, PASSWORD, clock, QUICK)
    with writing(store, ours.clerk) as session:
        second_factor.begin(session, "Bixie", lambda _: SECRET)
    with writing(store, ours.clerk) as session:
        codes = second_factor.confirm(session, code_at(SECRET, step_at(clock())), clock)
    login = Login("clerk@a.example.com", PASSWORD, "192.0.2.1", code=codes[0])
    end_session(store, log_in(store, ours.tenant, login, clock=clock, strength=QUICK).session, clock)
    return ours


def broken(store):
    with reading_every_tenant(store) as session, pytest.raises(BrokenLedger) as finding:
        verify(session)
    return finding.value


@contextmanager
def altered(store, table, column, value):
    """Change a column of a table's rows as its owner could; put it back at the end."""
    keys = ["tenant", *key_columns(recorded_models()[table])]
    same = " AND ".join(f"saved.{key} = {table}.{key}" for key in keys)
    with store.engine.begin() as connection:
        connection.execute(sa.text(f"CREATE TABLE saved AS SELECT * FROM {table}"))
        connection.execute(sa.text(f"UPDATE {table} SET {column} = {value}"))
    yield
    with store.engine.begin() as connection:
        back = f"(SELECT saved.{column} FROM saved WHERE {same})"
        connection.execute(sa.text(f"UPDATE {table} SET {column} = {back}"))
        connection.execute(sa.text("DROP TABLE saved"))


def run(store, statement):
    with store.engine.begin() as connection:
        assert connection.execute(sa.text(statement)).rowcount == 1


def test_every_changed_column_is_found_and_named(store, house):
    for table, columns in CHANGES.items():
        for column, value in columns.items():
            with altered(store, table, column, value.replace(":early", f"'{EARLY}'")):
                finding = broken(store)
            assert finding.code == "ledger.row_changed", (table, column)
            assert (finding.values["table"], finding.values["column"]) == (table, column)


def test_no_secret_stands_in_a_finding_or_in_the_ledger(store, house):
    with altered(store, "identity_person", "totp_secret", "'leaked'"):
        assert "leaked" not in str(broken(store).to_dict())
    with reading_every_tenant(store) as session:
        told = session.scalars(sa.select(LedgerEvent.body)).all()
        personal = session.scalars(sa.select(LedgerPersonal.value)).all()
        person = session.scalars(sa.select(Person).where(Person.login == "clerk@a.example.com")).one()
        webhook = session.scalars(sa.select(WebhookTarget)).one()
    kept = "".join((*told, *personal))
    for secret in (person.password, person.totp_secret, webhook.secret, webhook.former_secret):
        assert secret
        assert secret not in kept


ADDED = {
    "identity_session": {"hash": "'x'"},
    "identity_key": {"id": "'key_x'"},
    "identity_signing_key": {"id": "'signer_x'"},
    "notice_webhook": {"id": "'webhook_x'"},
    "identity_consent": {"id": "'consent_x'"},
}


def test_a_row_that_was_added_is_found(store, house):
    for table, changed in ADDED.items():
        columns = [one.key for one in sa.inspect(recorded_models()[table]).column_attrs]
        values = ", ".join(changed.get(one, one) for one in columns)
        one_row = f"(SELECT * FROM {table} LIMIT 1) AS one"
        run(store, f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {one_row}")
        finding = broken(store)
        assert (finding.code, finding.values["table"]) == ("ledger.row_added", table)
        if table != "identity_consent":  # the last one: its table refuses that
            run(store, f"DELETE FROM {table} WHERE {' AND '.join(f'{k} = {v}' for k, v in changed.items())}")


def test_a_row_that_was_removed_is_found(store, house):
    run(store, "DELETE FROM identity_recovery_code WHERE number = 3")
    finding = broken(store)
    assert (finding.code, finding.values["table"]) == ("ledger.row_missing", "identity_recovery_code")


def test_what_was_erased_stays_away(store, house):
    with writing(store, house.admin) as session:
        erase_messages(session, house.buyer.id)
        erase_party(session, house.buyer.id)
        erase_person(session, house.clerk_person.id)
    for table, column in (("identity_party", "phone"), ("identity_person", "login"), ("notice", "body")):
        with altered(store, table, column, f"COALESCE({column}, 'again')"):
            assert broken(store).values["column"] == column


def test_a_change_without_an_event_is_refused(store, house, clock):
    changes = {
        "role": lambda person: setattr(person, "role", "admin"),
        "enabled": lambda person: setattr(person, "disabled_at", clock()),
        "password": lambda person: setattr(person, "password", "x"),
    }
    for change in changes.values():
        with pytest.raises(UnrecordedError), writing(store, house.admin) as session:
            change(repository.person_by_id(session, house.clerk_person.id))
