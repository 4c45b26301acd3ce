"""Orders taken in, on both databases."""

import io
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from bixie.access import idempotency
from bixie.access.idempotency import once_in_steps
from bixie.access.principal import Principal, Role
from bixie.access.sequence import place_of
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.ledger.models import LedgerEvent
from bixie.ledger.verification import verify
from bixie.orders import repository, service
from bixie.orders.errors import InterruptedImportError
from bixie.orders.file_import import read_orders
from bixie.orders.service import Outcome, count_changes, import_in_chunks, import_orders
from bixie.store.errors import StoreError

OURS = Principal("tenant_ours", "person_1", Role.CLERK)
THEIRS = Principal("tenant_theirs", "person_2", Role.CLERK)
LONG = "6912345678901234567"
HEADINGS = "订单号,下单时间,商品名称,数量,单价,快递单号"
TABLE = f"{HEADINGS}\n{LONG},2026-03-10 08:15:00,青蟹,1,195,SF1\n2,2026-03-11,杯,2,30,\n"


def clock():
    return datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def imported(store, text, principal=OURS, key=None):
    with read_orders(io.BytesIO(text.encode())) as read:
        do = partial(once_in_steps, partial(writing, store, principal), clock, key, "import")
        return import_in_chunks(do, read.orders, clock)


def test_orders_are_added_once(store):
    assert imported(store, TABLE) == Outcome(2, 0, 0)
    assert imported(store, TABLE) == Outcome(0, 0, 2)
    with reading(store, OURS) as session:
        order = repository.by_number(session, "", LONG)
        assert repository.count(session) == 2
    assert order.ordered_at == datetime(2026, 3, 10, 0, 15, tzinfo=UTC)
    assert [(item.name, item.quantity, item.price) for item in order.items] == [("青蟹", 1, 19500)]
    assert [parcel.tracking_number for parcel in order.deliveries] == ["SF1"]


def test_what_changed_is_brought_up_to_date_and_what_is_not_mentioned_stays(store):
    imported(store, TABLE)
    assert imported(store, f"订单号,快递单号\n{LONG},SF2\n") == Outcome(0, 1, 0)
    assert imported(store, f"订单号,商品名称\n{LONG},青蟹 6 只\n{LONG},冰袋\n") == Outcome(0, 1, 0)
    with reading(store, OURS) as session:
        order = repository.by_number(session, "", LONG)
    assert [item.name for item in order.items] == ["青蟹 6 只", "冰袋"]
    assert [parcel.tracking_number for parcel in order.deliveries] == ["SF2"]
    assert order.ordered_at is not None


def test_a_dry_run_counts_and_writes_nothing(store):
    with read_orders(io.BytesIO(TABLE.encode())) as read, reading(store, OURS) as session:
        assert count_changes(session, read.orders) == Outcome(2, 0, 0)
        assert repository.count(session) == 0
    with reading_every_tenant(store) as session:
        assert verify(session).events == 0


def test_every_order_is_on_record_without_its_number(store):
    imported(store, TABLE)
    imported(store, f"订单号,快递单号\n{LONG},SF2\n")
    with reading_every_tenant(store) as session:
        assert verify(session).events == 3
        bodies = session.scalars(select(LedgerEvent.body)).all()
    assert all(LONG not in body for body in bodies)


def test_the_same_number_of_another_tenant_is_another_order(store):
    imported(store, TABLE)
    assert imported(store, TABLE, THEIRS) == Outcome(2, 0, 0)
    with reading(store, THEIRS) as session:
        theirs = repository.by_number(session, "", LONG)
    with reading(store, OURS) as session:
        assert repository.by_number(session, "", LONG).id != theirs.id


def test_pages_follow_each_other(store):
    imported(store, "订单号\n" + "".join(f"{number}\n" for number in range(7)))
    with reading(store, OURS) as session:
        first = repository.page(session, None, 4)
        second = repository.page(session, place_of(first[-1]), 4)
    assert sorted(int(order.number) for order in (*first, *second)) == list(range(7))


def test_a_thousand_orders_are_found_again(store):
    table = "订单号\n" + "".join(f"{number}\n" for number in range(1200))
    assert imported(store, table) == Outcome(1200, 0, 0)
    assert imported(store, table) == Outcome(0, 0, 1200)


MANY = "订单号\n" + "".join(f"{number}\n" for number in range(180))


@pytest.fixture
def small_chunks(monkeypatch):
    """Each chunk of fifty orders is a transaction."""
    monkeypatch.setattr(service, "_CHUNKS_SECONDS", 0)


def test_others_write_between_the_chunks_of_an_import(store, monkeypatch, small_chunks):
    between = []

    def other(_seconds):
        between.append(imported(store, f"订单号\n{len(between)}\n", THEIRS))

    monkeypatch.setattr(idempotency, "time", SimpleNamespace(sleep=other))
    assert imported(store, MANY) == Outcome(180, 0, 0)
    assert between == [Outcome(1, 0, 0)] * 3


@pytest.mark.parametrize("key", [None, "once"])
def test_an_import_that_broke_off_says_what_is_there_and_goes_on(store, monkeypatch, small_chunks, key):
    calls = []

    def broken(*given, **more):
        calls.append(1)
        if len(calls) == 3:
            raise StoreError("store.busy")
        return import_orders(*given, **more)

    monkeypatch.setattr(service, "import_orders", broken)
    with pytest.raises(InterruptedImportError) as caught:
        imported(store, MANY, key=key)
    assert caught.value.members() == {"imported": {"added": 100, "changed": 0, "unchanged": 0}}
    again = imported(store, MANY, key=key)
    # With its key it is the same import, which goes on; without, another one that finds a hundred orders.
    assert again == (Outcome(180, 0, 0) if key else Outcome(80, 0, 100))
    assert len(calls) == (5 if key else 7)
    assert imported(store, MANY, key=key) == (again if key else Outcome(0, 0, 180))
    with reading_every_tenant(store) as session:
        assert verify(session).events == 180


def test_an_import_of_which_nothing_is_there_ends_with_the_reason_alone(store, monkeypatch):
    def broken(*_given, **_more):
        raise StoreError("store.busy")

    monkeypatch.setattr(service, "import_orders", broken)
    with pytest.raises(StoreError):
        imported(store, MANY)


def test_two_requests_with_one_key_import_each_order_once(store, monkeypatch, small_chunks):
    answers = []

    def other(_seconds):
        if not answers:
            answers.append(None)  # the inner import sleeps too
            answers.append(imported(store, MANY, key="once"))

    monkeypatch.setattr(idempotency, "time", SimpleNamespace(sleep=other))
    assert imported(store, MANY, key="once") == Outcome(180, 0, 0)
    assert answers[1:] == [Outcome(180, 0, 0)]
    with reading_every_tenant(store) as session:
        assert verify(session).events == 180
