"""Which index SQLite takes for a list: never one that reads all rows of a tenant to find a few.

SQLite plans without statistics, so an empty store has the plans of a full one.
"""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bixie.access.principal import Principal, Role
from bixie.access.sequence import Place
from bixie.access.tenancy import TenantOwned, reading
from bixie.assembly.stores import metadata, ready_store
from bixie.cases import repository as cases
from bixie.cases.merchant_options import repository as merchant_options
from bixie.cases.packs import repository as packs
from bixie.examinations import repository as examinations
from bixie.identity import repository as identity
from bixie.ledger import repository as ledger
from bixie.notices import repository as notices
from bixie.orders import repository as orders
from bixie.orders.models import Item, Order
from bixie.remedies import repository as remedies
from bixie.remedies.models import State
from bixie.store.base import Base
from bixie.store.settings import Location
from bixie.vault import repository as vault
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.retention import repository as retention

TENANT = Principal("tenant_1", "person_1", Role.CLERK)
PARTY = Principal("tenant_1", "person_2", Role.CLERK, "party_1")
AFTER, LIMIT = Place(5, "order_1"), 51
MOMENT = datetime(2026, 11, 30, tzinfo=UTC)
URGENT = cases.DuePlace(MOMENT, "case_1")
OF_STATUS = cases.CaseFilter(status="in_review")
WAITING = cases.CaseFilter(waiting_for="merchant")

LISTS = {
    "orders": ("(sequence,id)>(?,?)", lambda session: orders.page(session, AFTER, LIMIT)),
    "orders, first page": ("_sequence_", lambda session: orders.page(session, None, LIMIT)),
    "orders by number": ("number=?", lambda session: orders.page(session, AFTER, LIMIT, "7")),
    "orders by numbers": ("number=?", lambda session: orders.by_numbers(session, "", ["7", "8"])),
    "exhibits": ("(sequence,id)>(?,?)", lambda session: vault.page(session, AFTER, LIMIT, None)),
    "exhibits, newest first": (
        "(sequence,id)<(?,?)",
        lambda session: vault.page(session, AFTER, LIMIT, None, newest_first=True),
    ),
    "exhibits of an order": ("order_number=?", lambda session: vault.page(session, AFTER, LIMIT, "7")),
    "exhibits in a role": (
        "role=?",
        lambda session: vault.page(session, AFTER, LIMIT, None, ExhibitRole.CLAIM),
    ),
    "known pictures": (
        "order_number=?",
        lambda session: vault.kept_for(session, "", "7", [ExhibitRole.LISTING], LIMIT),
    ),
    "holds": (
        "(sequence,id)>(?,?)",
        lambda session: retention.page_of_holds(session, AFTER, LIMIT, None, None),
    ),
    "holds on an exhibit": (
        "exhibit_id=?",
        lambda session: retention.page_of_holds(session, AFTER, LIMIT, "exhibit_1", None),
    ),
    "holds on an order": (
        "order_number=?",
        lambda session: retention.page_of_holds(session, AFTER, LIMIT, None, "7"),
    ),
    "cases": ("(sequence,id)>(?,?)", lambda session: cases.page(session, AFTER, LIMIT)),
    "cases, newest first": (
        "(sequence,id)<(?,?)",
        lambda session: cases.page(session, AFTER, LIMIT, newest_first=True),
    ),
    "cases of a status": (
        "status=? AND (sequence,id)>(?,?)",
        lambda session: cases.page(session, AFTER, LIMIT, OF_STATUS),
    ),
    "cases that wait for a side": (
        "waiting_for=? AND (sequence,id)>(?,?)",
        lambda session: cases.page(session, AFTER, LIMIT, WAITING),
    ),
    "cases by due time": (
        "(deadline_at,id)>(?,?)",
        lambda session: cases.page_by_due(session, URGENT, LIMIT),
    ),
    "cases of a status by due time": (
        "status=? AND (deadline_at,id)>(?,?)",
        lambda session: cases.page_by_due(session, URGENT, LIMIT, OF_STATUS),
    ),
    "cases that wait for a side by due time": (
        "waiting_for=? AND (deadline_at,id)>(?,?)",
        lambda session: cases.page_by_due(session, URGENT, LIMIT, WAITING),
    ),
    "merchants' options": (
        "(sequence,id)>(?,?)",
        lambda session: merchant_options.page(session, AFTER, LIMIT),
    ),
    "a merchant's options in force": (
        "party=?",
        lambda session: merchant_options.in_force(session, "party_1", MOMENT),
    ),
    "policy packs": (
        "(sequence,id)>(?,?)",
        lambda session: packs.page(session, AFTER, LIMIT, ("published", "retired")),
    ),
    "the pack in force": ("effective_from<?", lambda session: packs.in_force(session, "2026-11-30")),
    "a version of a pack": ("version=?", lambda session: packs.with_version(session, "rules", 1)),
    "reports": ("(sequence,id)>(?,?)", lambda session: examinations.page(session, AFTER, LIMIT, None)),
    "reports about an exhibit": (
        "exhibit_id=?",
        lambda session: examinations.page(session, AFTER, LIMIT, "exhibit_1"),
    ),
    "the newest report": ("exhibit_id=?", lambda session: examinations.latest(session, "exhibit_1")),
    "remedies": ("(sequence,id)>(?,?)", lambda session: remedies.page(session, AFTER, LIMIT)),
    "remedies of a case": (
        "case_id=?",
        lambda session: remedies.page(session, AFTER, LIMIT, case_id="case_1"),
    ),
    "remedies in a state": (
        "state=?",
        lambda session: remedies.page(session, AFTER, LIMIT, states=[State.SENT]),
    ),
    "keys": ("(sequence,id)>(?,?)", lambda session: identity.keys(session, None, AFTER, LIMIT)),
    "parties": ("(sequence,id)>(?,?)", lambda session: identity.parties(session, "buyer", AFTER, LIMIT)),
    "messages": (
        "(sequence,id)<(?,?)",
        lambda session: notices.notices_for(session, "party_1", "person_1", AFTER, LIMIT),
    ),
    "webhooks": ("(sequence,id)>(?,?)", lambda session: notices.page_of_targets(session, None, AFTER, LIMIT)),
    "events": ("sequence>?", lambda session: ledger.page(session, 5, LIMIT, None, None)),
    "events of a type": (
        "type=? AND sequence>?",
        lambda session: ledger.page(session, 5, LIMIT, None, "order.added"),
    ),
    "events about a subject": (
        "subject=? AND sequence>?",
        lambda session: ledger.page(session, 5, LIMIT, "order_1", None),
    ),
    "events of a type about a subject": (
        "subject=? AND sequence>?",
        lambda session: ledger.page(session, 5, LIMIT, "order_1", "x"),
    ),
}
"""Lists, with what the plan must have: the columns that the index narrows, or is ordered by."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = ready_store(Location.find(str(tmp_path_factory.mktemp("plans"))))
    yield store
    store.close()


def plans(store, principal, query):
    """Return the steps of SQLite's plans for the statements of a query."""
    found = []

    def explain(connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith("SELECT"):
            cursor = connection.connection.dbapi_connection.cursor()
            found.extend(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    sa.event.listen(store.engine, "after_cursor_execute", explain)
    try:
        with reading(store, principal) as session:
            query(session)
    finally:
        sa.event.remove(store.engine, "after_cursor_execute", explain)
    return found


@pytest.mark.parametrize("principal", [TENANT, PARTY], ids=["tenant", "party"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_reads_what_it_shows_and_little_more(store, name, principal):
    wanted, query = LISTS[name]
    steps = plans(store, principal, query)
    if name == "exhibits in a role" and principal is PARTY:
        wanted = "(sequence,id)>(?,?)"  # by party or by role: SQLite takes either
    assert any(wanted in step for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN")]


@pytest.mark.parametrize("principal", [TENANT, PARTY], ids=["tenant", "party"])
@pytest.mark.parametrize("name", [name for name in LISTS if name.startswith("cases")])
def test_cases_are_listed_without_sorting_all_of_them(store, name, principal):
    steps = plans(store, principal, LISTS[name][1])
    # Of its own buyer's few cases, those of a status by due time have no index of their own.
    sorted_ = [step for step in steps if "TEMP B-TREE" in step]
    few = sum("buyer=?" in step for step in steps)
    assert len(sorted_) <= few, steps


@pytest.mark.parametrize("name", [name for name in LISTS if name.startswith("cases")])
def test_a_party_reads_its_own_cases_only(store, name):
    steps = [step for step in plans(store, PARTY, LISTS[name][1]) if " cases " in step]
    assert steps
    assert [step for step in steps if "party=?" not in step and "buyer=?" not in step] == []


@pytest.mark.parametrize("principal", [TENANT, PARTY], ids=["tenant", "party"])
def test_the_lines_of_listed_orders_are_found_by_order(store, principal):
    def lines(session):
        return session.scalars(sa.select(Item).where(Item.order_id.in_([f"order_{n}" for n in range(50)])))

    (found, *_) = plans(store, principal, lines)
    assert "(tenant=? AND order_id=?)" in found
    assert {relation.lazy for relation in sa.inspect(Order).relationships} == {"selectin"}


def test_no_index_is_of_the_tenant_alone():
    alone = {
        index.name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, TenantOwned) and mapper.local_table.name in metadata().tables
        for index in mapper.local_table.indexes
        if [column.name for column in index.columns] == ["tenant"]
    }
    assert alone == set()
