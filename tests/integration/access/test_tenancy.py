"""No statement reaches another tenant's rows, however it is written."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantOwned, UnscopedError, reading, reading_every_tenant, writing
from bixie.assembly.stores import metadata
from bixie.identity.models import Person
from bixie.ledger.models import LedgerEvent, LedgerHead, LedgerPersonal
from bixie.ledger.service import NewEvent, append
from bixie.orders.models import Order
from bixie.store.base import Base

OURS = Principal("tenant_ours", "person_1", Role.ADMIN)
THEIRS = Principal("tenant_theirs", "person_2", Role.ADMIN)


@pytest.fixture
def two(store):
    for principal, count in ((OURS, 2), (THEIRS, 3)):
        events = [NewEvent("test.happened", f"thing_{n}", personal={"name": "张三"}) for n in range(count)]
        with writing(store, principal) as session:
            append(session, events)
    return store


EVENT = aliased(LedgerEvent)
SELECTS = {
    "entities": sa.select(LedgerEvent),
    "columns": sa.select(LedgerEvent.body),
    "an alias": sa.select(EVENT),
    "a subquery": sa.select(sa.select(LedgerEvent.body).subquery().c.body),
    "a union": sa.union_all(sa.select(LedgerEvent.body), sa.select(LedgerPersonal.value)),
    "a join": sa.select(LedgerHead.tenant, LedgerEvent.body).join(LedgerEvent, sa.true()),
    "another tenant's name": sa.select(LedgerEvent).where(
        sa.or_(LedgerEvent.tenant == "tenant_theirs", sa.true())
    ),
    "exists": sa.select(LedgerHead).where(
        sa.exists().where(LedgerEvent.tenant == "tenant_theirs", LedgerEvent.sequence == 3)
    ),
}
WANTED = dict.fromkeys(SELECTS, 2) | {"a union": 4, "exists": 0}


def test_every_form_of_a_query_sees_one_tenant(two):
    def check(form):
        with reading(two, OURS) as session:
            assert len(session.execute(SELECTS[form]).all()) == WANTED[form]

    check_each(by_repr(SELECTS), check)


def test_the_same_statement_gives_each_tenant_its_own(two):
    statement = sa.select(LedgerEvent.tenant)
    for principal in (OURS, THEIRS, OURS):
        with reading(two, principal) as session:
            assert set(session.scalars(statement)) == {principal.tenant}


def test_a_statement_about_no_table_is_nobodys_business(two):
    with reading(two, OURS) as session:
        assert session.scalar(sa.select(sa.literal(7))) == 7


def test_counts_and_sums_see_one_tenant(two):
    with reading(two, OURS) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LedgerEvent)) == 2
        assert session.scalar(sa.select(sa.func.max(LedgerEvent.sequence))) == 2


def test_another_tenants_row_cannot_be_had_by_its_key(two):
    with reading(two, OURS) as session:
        assert session.get(LedgerEvent, ("tenant_ours", 1)) is not None
        assert session.get(LedgerEvent, ("tenant_theirs", 1)) is None


def test_changes_and_deletions_reach_one_tenant(two):
    with writing(two, OURS) as session:
        assert session.execute(sa.update(LedgerPersonal).values(salt="x")).rowcount == 2
        assert session.execute(sa.delete(LedgerPersonal)).rowcount == 2
    with reading(two, THEIRS) as session:
        assert session.scalars(sa.select(LedgerPersonal.salt)).all() != ["x"] * 3


@pytest.mark.parametrize("tenant", ["tenant_theirs", "", None])
def test_rows_of_another_tenant_cannot_be_added(two, tenant):
    with pytest.raises(UnscopedError), writing(two, OURS) as session:
        session.add(LedgerPersonal(tenant=tenant, sequence=1, name="n", salt="", value="1"))


def test_a_row_cannot_be_given_to_another_tenant(two):
    with pytest.raises(UnscopedError), writing(two, OURS) as session:
        session.scalars(sa.select(LedgerHead)).one().tenant = "tenant_new"


def test_a_plain_session_cannot_delete_what_it_was_handed(two):
    with reading(two, OURS) as session:
        row = session.scalars(sa.select(LedgerHead)).one()
    with pytest.raises(UnscopedError), two.writing(Session) as session:
        session.delete(session.merge(row, load=False))


BY_TABLE = sa.select(LedgerEvent.__table__)
UNSCOPED = {
    "a table": BY_TABLE,
    "a table inside": sa.select(sa.func.count()).select_from(BY_TABLE.subquery()),
    "text": sa.text("SELECT * FROM ledger_event"),
    "text inside": sa.select(sa.text("body")).select_from(sa.text("ledger_event")),
    "a table changed": sa.update(LedgerPersonal.__table__).values(salt="x"),
    "a table emptied": sa.delete(LedgerPersonal.__table__),
}


@pytest.mark.parametrize("kind", ["tenant", "plain"])
def test_what_cannot_be_scoped_is_refused_in_any_session(two, kind):
    def check(statement):
        opened = writing(two, OURS) if kind == "tenant" else two.writing(Session)
        with pytest.raises(UnscopedError), opened as session:
            session.execute(statement)

    check_each(UNSCOPED.items(), check)


def test_a_session_without_a_tenant_is_refused_any_query_of_tenants_rows(two):
    def check(statement):
        with pytest.raises(UnscopedError), two.reading(Session) as session:
            session.execute(statement)

    check_each(SELECTS.items(), check)


def test_rows_are_added_only_where_it_is_checked(two):
    insert = sa.insert(LedgerPersonal).values(
        tenant="tenant_theirs", sequence=1, name="n", salt="", value="1"
    )
    with pytest.raises(UnscopedError), writing(two, OURS) as session:
        session.execute(insert)


def test_rows_inserted_at_once_are_the_tenants_own_and_no_rows_that_the_ledger_states(two):
    row = {"tenant": "tenant_theirs", "sequence": 1, "name": "n", "salt": "", "value": "1"}
    for model in (LedgerPersonal, Person, Order):
        with pytest.raises(UnscopedError), writing(two, OURS) as session:
            session.insert(model, [row if model is LedgerPersonal else {"tenant": "tenant_ours"}])
    with writing(two, OURS) as session:
        session.insert(LedgerPersonal, [row | {"tenant": "tenant_ours"}])
    with reading(two, OURS) as session:
        assert "n" in session.scalars(sa.select(LedgerPersonal.name)).all()


def test_a_session_of_every_tenant_reads_all_and_changes_nothing(two):
    with reading_every_tenant(two) as session:
        assert len(session.scalars(sa.select(LedgerEvent)).all()) == 5
    with pytest.raises(UnscopedError), reading_every_tenant(two) as session:
        session.execute(sa.delete(LedgerPersonal))


def test_every_table_belongs_to_tenants_or_says_why_not():
    ownerless = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if not issubclass(mapper.class_, TenantOwned) and mapper.local_table.name in metadata().tables
    }
    # The row that says whether there ever was a tenant is there before any. Jobs: the room of work lies below
    # the one that knows tenants, and workers take those of all; so are the signs that workers live, and what
    # their tasks found. The whole store is verified at once.
    jobs = {"job", "worker_seen", "task_count"}
    assert ownerless == {"identity_setup", "ledger_verification"} | jobs
