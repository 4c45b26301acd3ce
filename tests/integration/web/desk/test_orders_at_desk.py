"""Orders, their import, packing evidence and pictures on record, as a clerk uses them."""

from tests.integration.cases.evidence import keep
from tests.integration.web.browsing import Browser, person
from tests.integration.web.desk.reading import fields, text
from tests.integration.web.service import form, picture

from bixie.access.principal import Role
from bixie.vault.models import Role as FileRole

GOOD = "订单编号,商品名称,数量,单价\nI-1,杯,1,10.00\nI-2,茶,2,5\n"
FAULTY = "订单编号,商品名称,数量,单价\nF-1,杯,1,10.00\nF-2,茶,many,5\n"


def send_file(clerk, address, filename, kind, data, name="file", **values):
    sent, body = form(data, filename, kind, values, name)
    cookie = "; ".join(f"{one}={value}" for one, value in clerk.cookies.items())
    origin = f"http://127.0.0.1:{clerk.client.port}"
    return clerk.client.call("POST", address, body, Content_Type=sent, Cookie=cookie, Origin=origin)


def send_orders(clerk, content, do):
    values = fields(clerk.get("/orders/import"), "/orders/import")
    return send_file(clerk, "/orders/import", "o.csv", "text/csv", content.encode(), do=do, **values)


def test_an_order_is_found_by_its_number_with_goods_cases_and_pictures(shop, clerk):
    number = shop.order()
    case = shop.file(order=number, pictures=0)
    keep(shop, shop.blobs, FileRole.PACKING, picture((9, 9, 9)), number)
    found = clerk.get(f"/orders?q={number}").body.decode()
    assert f'href="/orders/{case["claim"]["order_id"]}"' in found
    page = clerk.get(f"/orders/{case['claim']['order_id']}")
    assert f"/desk/cases/{case['id']}" in page.body.decode()
    assert "on record since" in text(page)
    assert "No order has this number" in text(clerk.get("/orders?q=nothing-such"))


def test_a_preview_names_faults_by_row_and_column_and_changes_nothing(clerk):
    page = send_orders(clerk, FAULTY, "check")
    assert page.status == 200
    assert "<td>3</td><td>数量</td>" in page.body.decode()
    assert "1 new, 0 changed" in text(page)
    assert "No order has this number" in text(clerk.get("/orders?q=F-1"))


def test_an_import_takes_what_has_no_fault_and_a_second_click_nothing_more(clerk):
    values = fields(clerk.get("/orders/import"), "/orders/import") | {"do": "import"}
    sent = ("/orders/import", "o.csv", "text/csv", GOOD.encode())
    assert "2 new, 0 changed" in text(send_file(clerk, *sent, **values))
    assert "2 new, 0 changed" in text(send_file(clerk, *sent, **values))
    assert "0 new, 0 changed, 2 as before" in text(send_orders(clerk, GOOD, "import"))
    assert "I-2" in text(clerk.get("/orders?q=I-2"))


def test_a_file_that_is_no_table_and_a_form_without_one_are_refused_in_words(clerk):
    for answer in (
        send_orders(clerk, "\x00\x01", "check"),
        clerk.send("/orders/import", **fields(clerk.get("/orders/import"), "/orders/import")),
    ):
        assert 400 <= answer.status < 500
        assert 'role="alert"' in answer.body.decode()


def test_the_platforms_clerk_makes_a_link_for_the_buyer_and_a_merchants_clerk_none(shop, clerk):
    order = shop.file(pictures=0)["claim"]["order_id"]
    person(shop.store, shop.tenant, "platform-clerk", Role.CLERK)
    platform_clerk = Browser(shop.port)
    platform_clerk.sign_in(login="platform-clerk")
    page = platform_clerk.get(f"/orders/{order}")
    answer = platform_clerk.send(f"/orders/{order}/link", **fields(page, f"/orders/{order}/link"))
    assert answer.status == 200
    assert f"http://127.0.0.1:{shop.port}/c/" in text(answer)

    own = clerk.get(f"/orders/{order}")
    assert f"/orders/{order}/link" not in own.body.decode()
    token = fields(clerk.get("/orders/import"), "/orders/import")
    refused = clerk.send(f"/orders/{order}/link", **token)
    assert (refused.status, "/c/" in text(refused)) == (403, False)


def test_pictures_taken_at_the_table_are_kept_for_the_order_and_shown(shop, clerk):
    number = shop.order()
    page = clerk.get(f"/packing?q={number}")
    values = fields(page, "/packing") | {"q": number, "role": "packing"}
    answer = send_file(clerk, "/packing", "box.png", "image/png", picture((3, 4, 5)), **values)
    assert answer.status == 303, answer.body
    assert "on record since" in text(clerk.get(answer.headers["location"]))
    listed = clerk.get(f"/known?role=packing&q={number}")
    assert "from clerk" in text(listed)


def test_a_number_that_no_order_has_is_said_at_once(clerk):
    assert "No order X-404 yet." in text(clerk.get("/packing?q=X-404"))


def test_a_file_that_is_no_picture_is_refused_with_the_form(shop, clerk):
    number = shop.order()
    values = fields(clerk.get(f"/packing?q={number}"), "/packing") | {"q": number, "role": "packing"}
    answer = send_file(clerk, "/packing", "a.txt", "image/png", b"hello", **values)
    assert 400 <= answer.status < 500
    assert 'role="alert"' in answer.body.decode()


def test_pictures_on_record_of_others_are_not_shown(shop, clerk):
    assert "Nothing on record" in text(clerk.get("/known?role=listing&q=none"))
