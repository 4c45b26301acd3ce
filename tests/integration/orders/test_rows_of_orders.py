"""Orders and their lines are held against the ledger."""

import pytest
import sqlalchemy as sa
from tests.integration.orders.test_orders import LONG, OURS, imported

from bixie.access.tenancy import reading, reading_every_tenant
from bixie.assembly.stores import ready_store
from bixie.ledger import adoption, new_event
from bixie.ledger.errors import BrokenLedger
from bixie.ledger.models import LedgerEvent
from bixie.ledger.recorded import state
from bixie.ledger.rules import event_from_body
from bixie.ledger.verification import verify

HEADINGS = "订单号,商品名称,数量,单价,快递单号"
CHANGES = {
    "UPDATE orders SET number = 'x'": ("orders", "number"),
    "UPDATE orders SET imported_at = '2020-01-01T00:00:00.000Z'": ("orders", "imported_at"),
    "UPDATE order_item SET price = price + 1": ("order_item", "price"),
    "UPDATE order_item SET name = 'x' WHERE position = 1": ("order_item", "name"),
    "UPDATE order_delivery SET tracking_number = NULL": ("order_delivery", "tracking_number"),
    "DELETE FROM order_item WHERE position = 0": ("order_item", None),
}


def verified(store):
    with reading_every_tenant(store) as session:
        return verify(session)


def events(store):
    with reading(store, OURS) as session:
        bodies = session.scalars(sa.select(LedgerEvent.body).order_by(LedgerEvent.sequence))
        return [event_from_body(body) for body in bodies]


def test_what_is_added_replaced_and_removed_is_stated(store):
    imported(store, f"{HEADINGS}\n{LONG},青蟹,1,195,SF1\n{LONG},冰袋,2,1,SF2\n{LONG},盒,1,1,\n")
    assert verified(store).rows == 6
    imported(store, f"{HEADINGS}\n{LONG},青蟹,2,195,SF3\n")
    assert verified(store).rows == 3
    said = {(one["table"], str(one["key"]), one["values"] is None) for one in events(store)[-1].data["rows"]}
    (order_id,) = {event.subject for event in events(store)}
    lines = [
        ("order_item", 0, False), ("order_item", 1, True), ("order_item", 2, True),
        ("order_delivery", 0, False), ("order_delivery", 1, True),
    ]  # fmt: skip
    assert said == {(table, str([order_id, place]), gone) for table, place, gone in lines}


def test_an_order_that_has_more_lines_than_an_event_has_room_for(store):
    imported(store, HEADINGS + "".join(f"\n{LONG},货 {n},1,1,SF{n}" for n in range(500)))
    assert verified(store).rows == 1001
    first, *others = events(store)
    assert first.type == "order.added"
    assert {event.type for event in others} == {"ledger.rows_continued"}
    assert {event.subject for event in others} == {first.subject}
    assert "货" not in str([event.data["rows"] for event in others])


def test_rows_of_an_earlier_version_share_events_where_nobody_s_erasure_needs_its_own(
    store, location, monkeypatch, caplog
):
    with monkeypatch.context() as patch:
        patch.setattr(new_event, "recorded_models", dict)
        patch.setattr(new_event, "state", lambda *given, **more: state(*given, **more) and None)
        imported(store, f"{HEADINGS}\n{LONG},青蟹,1,195,SF1\n{LONG},冰袋,2,1,SF2\n{LONG}0,盒,1,1,\n")
    monkeypatch.setattr(adoption, "_TELL_EVERY", 5)
    ready_store(location).close()
    assert verified(store).rows == 7
    adopted = [event for event in events(store) if event.type == "ledger.rows_adopted"]
    assert sorted(len(event.data["rows"]) for event in adopted) == [2, 5]
    assert len({event.subject for event in adopted}) == 2
    assert sorted(max(adopted, key=lambda event: len(event.personal)).personal) == [
        "name.1", "name.2", "number", "tracking_number.3", "tracking_number.4",
    ]  # fmt: skip
    ended = {event.subject: event.data["count"] for event in events(store) if "table" in event.data}
    assert [ended[table] for table in ("orders", "order_item", "order_delivery")] == [2, 3, 2]
    assert [one.message.partition(": ")[2] for one in caplog.records] == ["7 of orders so far"]


def test_a_changed_and_a_missing_line_are_found(store):
    imported(store, f"{HEADINGS}\n{LONG},青蟹,1,195,SF1\n{LONG},冰袋,2,1,\n")
    for statement, (table, column) in CHANGES.items():
        with store.engine.connect() as connection, connection.begin() as tampering:
            connection.execute(sa.text(statement))
            with reading_every_tenant(store) as session:
                session.bind = connection
                with pytest.raises(BrokenLedger) as finding:
                    verify(session)
            tampering.rollback()
        assert (finding.value.values["table"], finding.value.values.get("column")) == (table, column)
