"""``/api/v1/orders`` through a real server."""

from tests.integration.web.service import Client, new_key
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Role

LONG = "6912345678901234567"
ORDER = {
    "number": LONG,
    "ordered_at": "2026-03-10 08:15:00",
    "items": [{"name": "青蟹", "quantity": 1, "price": "195.50"}],
    "deliveries": [{"carrier": "顺丰", "tracking_number": "SF1"}],
}
PATH = "/api/v1/orders"


def numbers(answer):
    return [one["number"] for one in answer.json()["items"]]


def test_an_order_is_taken_in_and_found_again(ours):
    answer = ours.post(PATH, ORDER)
    assert answer.status == 201
    order = answer.json()
    assert order["number"] == LONG
    assert order["ordered_at"] == "2026-03-10T00:15:00.000Z"
    assert order["items"][0]["price"] == "195.50"
    assert ours.get(f"{PATH}/{order['id']}").json() == order
    assert ours.get(f"{PATH}?number={LONG}").json() == {"items": [order], "next": None}
    assert numbers(ours.get(f"{PATH}?number=1")) == []


def test_what_is_told_of_an_order_can_be_sent_again_and_changes_nothing(ours):
    order = ours.post(PATH, ORDER).json()
    beside = {"id", "imported_at", "party"}  # whose it is, is said in the address
    again = {name: value for name, value in order.items() if name not in beside}
    assert ours.post(PATH, again).json() == order
    events = ours.get(f"/api/v1/ledger/events?subject={order['id']}").json()["items"]
    assert [one["type"] for one in events] == ["order.added"]


def test_several_orders_are_taken_in_or_none_and_every_fault_is_named(ours):
    answer = ours.post(PATH, {"orders": [{"number": "1"}, {"number": "2", "items": [{"quantity": "x"}]}]})
    assert (answer.status, answer.code) == (422, "orders.faulty")
    named = [(one["row"], one["column"], one["code"]) for one in answer.json()["problems"]]
    assert named == [("orders[1].items[0]", "quantity", "orders.bad_quantity")]
    assert numbers(ours.get(PATH)) == []
    assert numbers(ours.post(PATH, {"orders": [{"number": "1"}, {"number": "2"}]})) == ["1", "2"]


BAD_ITEMS = [{"name": "a\x00b"}, {"price": 1e400}, {"price": float("nan")}, {"sku": "x" * 501}]


def test_what_no_database_can_keep_is_a_fault(ours):
    def check(item):
        assert ours.post(PATH, {"number": "1", "items": [item]}).code == "orders.faulty"

    check_each(by_repr(BAD_ITEMS), check)


def test_a_body_of_another_shape_is_refused_by_its_fields(ours):
    for body in ({"number": 7, "items": [{"quantity": "x"}]}, {"number": "1", "colour": 1}, {"orders": []}):
        answer = ours.post(PATH, body)
        assert (answer.status, answer.code) == (422, "web.invalid")
        assert answer.json()["fields"]


BAD_TIMES = ["0001-01-01", "9999-12-31T23:59:59-12:00", "1969-12-31"]


def test_a_time_at_the_end_of_the_calendar_is_a_fault(ours):
    def check(time):
        assert ours.post(PATH, {"number": "1", "ordered_at": time}).code == "orders.faulty"

    check_each(by_repr(BAD_TIMES), check)


PATHS = [PATH, "/api/v1/keys"]


def test_half_a_character_is_refused_wherever_it_stands(ours):
    def check(path):
        name = "number" if path == PATH else "label"
        body = f'{{"role": "clerk", "{name}": "\\ud800"}}' if name == "label" else f'{{"{name}": "\\ud800"}}'
        answer = ours.call("POST", path, body.encode(), Content_Type="application/json", Idempotency_Key="1")
        assert answer.status == 422
        assert answer.code in {"orders.faulty", "web.invalid"}

    check_each(by_repr(PATHS), check)


def test_a_file_is_tried_first_and_then_taken_in(ours):
    table = f"订单号,数量\n{LONG},1\n2,x\n".encode("gb18030")
    tried = ours.upload(f"{PATH}/import?dry_run=true", table, "orders.csv", "text/csv")
    assert tried.status == 200
    assert numbers(ours.get(PATH)) == []
    done = ours.upload(f"{PATH}/import", table, "orders.csv", "text/csv").json()
    assert done == tried.json() | {"dry_run": False}
    assert (done["added"], done["dry_run"]) == (1, False)
    assert [(one["row"], one["column"]) for one in done["problems"]] == [("3", "数量")]
    assert numbers(ours.get(PATH)) == [LONG]


def test_a_file_that_is_no_list_of_orders_is_refused(ours):
    answer = ours.upload(f"{PATH}/import", b"\x89PNG\0", "orders.csv", "text/csv")
    assert (answer.status, answer.code) == (422, "orders.not_text")
    faulty = ours.upload(f"{PATH}/import", b'[{"number": "1", "\\ud800": 1}]', "orders.json", "text/csv")
    assert [one["code"] for one in faulty.json()["problems"]] == ["orders.unknown_key"]


def test_pages_follow_each_other_and_their_cursor_fits_no_other_list(ours, theirs):
    ours.post(PATH, {"orders": [{"number": str(number)} for number in range(5)]})
    first = ours.get(f"{PATH}?limit=2")
    second = ours.get(f"{PATH}?limit=2&cursor={first.json()['next']}")
    third = ours.get(f"{PATH}?limit=2&cursor={second.json()['next']}")
    assert sorted(numbers(first) + numbers(second) + numbers(third)) == list("01234")
    assert third.json()["next"] is None
    cursor = first.json()["next"]
    assert theirs.get(f"{PATH}?cursor={cursor}").code == "access.bad_cursor"
    assert ours.get(f"/api/v1/exhibits?cursor={cursor}").code == "access.bad_cursor"
    assert ours.get(f"{PATH}?cursor=x{cursor}").code == "access.bad_cursor"
    assert ours.get(f"{PATH}?cursr={cursor}").code == "web.invalid"


def test_a_list_has_fifty_items_when_nobody_says_otherwise(ours):
    ours.post(PATH, {"orders": [{"number": str(number)} for number in range(51)]})
    page = ours.get(PATH).json()
    assert len(page["items"]) == 50
    assert page["next"]


def test_an_order_of_another_tenant_is_not_there(ours, theirs):
    order = ours.post(PATH, ORDER).json()
    answer = theirs.get(f"{PATH}/{order['id']}")
    assert (answer.status, answer.code) == (404, "orders.no_such_order")
    nowhere = theirs.get(f"{PATH}/order_00000000000000000000000000").json()
    assert {**answer.json(), "request_id": ""} == {**nowhere, "request_id": ""}
    assert numbers(theirs.get(PATH)) == []
    assert theirs.post(PATH, ORDER).json()["id"] != order["id"]
    assert ours.get(f"{PATH}/%00").code == "orders.no_such_order"


def test_a_role_may_do_what_its_work_needs(ours, store, tenant, port):
    reviewer = Client(port, new_key(store, tenant[0], Role.REVIEWER))
    assert reviewer.get(PATH).status == 200
    answer = reviewer.post(PATH, ORDER)
    assert (answer.status, answer.code) == (403, "access.not_allowed")
