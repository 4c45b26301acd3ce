"""Lists of cases over the API on both databases: by due time, by party, by part of an order's number."""

from datetime import UTC, datetime

import pytest
from tests.integration.cases.walking import order
from tests.integration.conftest import DATABASES
from tests.integration.web.browsing import Browser, person
from tests.integration.web.service import Client

from bixie.access.principal import Role
from bixie.access.tenancy import reading, writing
from bixie.cases import repository
from bixie.cases.opening import states_of
from bixie.cases.state_cache import StateCache
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party
from bixie.orders.service import import_orders


def listed(client, **asked):
    """Return the cases of all pages of a list, each page of two."""
    found, cursor = [], ""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    while True:
        answer = client.get(f"/api/v1/cases?limit=2&{query}{cursor}")
        assert answer.status == 200, answer.body
        page = answer.json()
        found += page["items"]
        if page["next"] is None:
            return [one["id"] for one in found]
        cursor = f"&cursor={page['next']}"


@pytest.fixture
def cases(shop, desk, platform):
    """Five cases: the third is due first, then the fourth, the first and the fifth; the second is closed."""
    found = [desk.escalated()]
    for hours in (1, 0):
        shop.clock.move(hours=hours)
        desk.orders += 1
        with writing(shop.store, shop.program) as session:
            import_orders(session, [order(f"C{desk.orders}")], shop.clock, party=shop.merchant)
        found.append(desk.post(platform, "", shop.claim(order=f"C{desk.orders}"))["id"])
    desk.post(platform, f"{found[1]}/withdraw?side=buyer", {})
    shop.clock.move(minutes=5)
    desk.orders += 1
    with writing(shop.store, shop.program) as session:
        import_orders(session, [order("Long-2026-0077")], shop.clock, party=shop.merchant)
    found.append(desk.post(platform, "", shop.claim(order="Long-2026-0077"))["id"])
    shop.clock.move(hours=1)
    found.append(desk.escalated())
    return found


def test_a_list_by_due_time_begins_with_the_most_urgent(shop, cases, platform, merchant):
    first, closed, third, fourth, fifth = cases
    assert listed(platform) == cases
    assert listed(platform, sort="newest") == cases[::-1]
    by_due = [third, fourth, first, fifth]
    assert listed(platform, sort="due") == listed(merchant, sort="due") == by_due
    assert listed(platform, sort="due", party=shop.merchant) == by_due
    assert listed(platform, sort="due", status="in_review") == [first, fifth]
    assert listed(merchant, sort="due", waiting_for="merchant")[:2] == [third, fourth]
    assert listed(platform, status="closed") == [closed]
    assert listed(platform, sort="due", status="closed") == []
    wrong = platform.get(
        f"/api/v1/cases?sort=due&cursor={merchant.get('/api/v1/cases?limit=1').json()['next']}"
    )
    assert (wrong.status, wrong.code) == (422, "access.bad_cursor")


def test_sides_list_their_own_cases_and_find_them_by_part_of_a_number(shop, cases, platform, merchant, port):
    fourth = cases[3]
    with writing(shop.store, shop.program) as session:
        stranger = add_party(session, PartyKind.MERCHANT, name="别家", clock=shop.clock).id
    buyer = Client(port, shop.key(party=shop.buyer))
    other = Client(port, shop.key(party=stranger))
    assert listed(buyer) == cases
    assert listed(buyer, sort="newest") == cases[::-1]
    assert listed(other) == listed(other, sort="due") == listed(platform, party=stranger) == []
    for client in (platform, merchant):
        assert listed(client, order_part="2026-00") == listed(client, order_part="G-2026") == [fourth]
        assert listed(client, order_part="0%7") == listed(client, order_part="___") == []
    assert listed(buyer, order_part="Long-2026-0077") == [fourth]
    assert listed(other, order_part="2026-0077") == listed(other, order="Long-2026-0077") == []
    assert platform.get("/api/v1/cases?order_part=20").status == 422


def test_the_places_in_a_list_by_due_time_are_those_of_its_order(shop, cases):
    with reading(shop.store, shop.program) as session:
        rows = repository.page_by_due(session, None, 10)
        again = [
            row for n in range(4) for row in repository.page_by_due(session, repository.due_place(rows[n]), 1)
        ]
    assert [repository.due_place(row) for row in rows] == sorted(map(repository.due_place, rows))
    assert again == rows[1:]
    assert (
        str(repository.DuePlace(datetime(2026, 1, 2, tzinfo=UTC), "case_1"))
        == "2026-01-02T00:00:00.000Z~case_1"
    )


def test_a_list_folds_a_case_again_only_after_it_has_changed(shop, cases, platform, monkeypatch):
    folded = []
    before = listed(platform)

    def noting(session, rows):
        folded.extend(row.id for row in rows)
        return states_of(session, rows)

    monkeypatch.setattr("bixie.cases.state_cache.states_of", noting)
    assert (listed(platform), folded) == (before, [])
    answer = platform.post(f"/api/v1/cases/{cases[2]}/withdraw?side=buyer", json={})
    assert answer.status == 200
    assert listed(platform, status="closed") == [cases[1], cases[2]]
    assert folded == [cases[2]]


def test_few_states_are_kept_those_asked_for_last(shop, cases):
    cache = StateCache(max_states=2)
    with reading(shop.store, shop.program) as session:
        rows = repository.page(session, None, 10)
        for some in (rows, rows[3:], rows[:2]):
            assert cache.states(session, some) == states_of(session, some)
            assert len(cache) == 2


@pytest.mark.parametrize("location", DATABASES[:1], indirect=True)
@pytest.mark.parametrize("role", [Role.CLERK, Role.ADMIN])
def test_the_start_page_of_a_platform_s_own_people_has_what_its_merchants_owe(
    store, port, shop, platform, desk, role
):
    desk.post(platform, "", shop.claim())
    person(store, shop.tenant, "somebody", role)
    browser = Browser(port)
    assert browser.sign_in(login="somebody").status == 303
    page = browser.get("/?lang=en")
    assert page.status == 200, page.body.decode()[-300:]
    assert ">A1</a>" in page.body.decode()
