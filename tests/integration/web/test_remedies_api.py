"""``/api/v1/remedies`` through a real server: who sees what, who says what became of it."""

from types import SimpleNamespace

import pytest
from tests.integration.remedies.shop import RecordingGateway, Shop
from tests.integration.web.browsing import Browser, person
from tests.integration.web.service import Client, new_key
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import add_party, add_tenant, founder
from bixie.kit.timestamps import utc_now

PATH = "/api/v1/remedies"
NOBODYS = "remedy_00000000000000000000000000"


@pytest.fixture
def house(store, port):
    """A platform with two merchants and a buyer, each with a client; the first merchant has two remedies."""
    with writing(store, founder()) as session:
        tenant = add_tenant(session, "平台", TenantKind.PLATFORM)[0].tenant
    with writing(store, Principal(tenant, "program_test", Role.PROGRAM)) as session:
        shop, rival = (add_party(session, PartyKind.MERCHANT, name=name).id for name in ("甲店", "乙店"))
        buyer = add_party(session, PartyKind.BUYER, name="张三").id
    seller = Shop(store, utc_now, RecordingGateway(), tenant, shop, buyer)
    cases = [seller.decided()[0] for _ in range(2)]
    seller.work()

    def client(role, party=None):
        return Client(port, new_key(store, tenant, role, party))

    return SimpleNamespace(
        tenant=tenant,
        cases=cases,
        remedies=[seller.remedy(case).id for case in cases],
        platform=client(Role.API_KEY),
        clerk=client(Role.CLERK),
        shop=client(Role.API_KEY, shop),
        rival=client(Role.API_KEY, rival),
        buyer=client(Role.API_KEY, buyer),
    )


def ids(answer):
    return [one["id"] for one in answer.json()["items"]]


def test_each_side_sees_the_remedies_of_its_cases_and_nobody_else(house, theirs):
    first, second = house.remedies
    for client in (house.platform, house.clerk, house.shop, house.buyer):
        assert ids(client.get(PATH)) == [first, second]
        assert ids(client.get(f"{PATH}?case={house.cases[1]}")) == [second]
        assert client.get(f"{PATH}/{first}").json()["amount"] == {"minor": 1999, "currency": "CNY"}
    for client in (house.rival, theirs):
        assert ids(client.get(PATH)) == []
        answer = client.get(f"{PATH}/{first}")
        assert (answer.status, answer.code) == (404, "remedies.no_such_remedy")


def test_a_list_of_some_states_goes_on_page_by_page(house):
    house.platform.post(f"{PATH}/{house.remedies[0]}/confirm", {})
    assert ids(house.platform.get(f"{PATH}?state=confirmed")) == house.remedies[:1]
    page = house.platform.get(f"{PATH}?limit=1")
    rest = house.platform.get(f"{PATH}?limit=1&cursor={page.json()['next']}")
    assert ids(page) + ids(rest) == house.remedies


def test_an_order_that_failed_is_listed_for_the_platforms_people_until_it_was_carried_out(house, store, port):
    person(store, house.tenant, "reviewer", Role.REVIEWER)
    reviewer = Browser(port)
    reviewer.sign_in(login="reviewer")
    case = f'href="/console/cases/{house.cases[0]}"'
    failed = house.platform.post(f"{PATH}/{house.remedies[0]}/fail", {"reason": "account_closed"})
    assert failed.status == 200, failed.body
    listed = reviewer.get("/console?lang=en").body.decode()
    assert (case in listed, "see to an order that failed" in listed) == (True, True)
    house.platform.post(f"{PATH}/{house.remedies[0]}/confirm", {})
    assert case not in reviewer.get("/console").body.decode()


def test_the_tenants_program_says_what_became_of_a_remedy_and_saying_it_again_changes_nothing(house):
    first, second = house.remedies
    key = {"Idempotency_Key": "done-1"}
    answers = [
        house.platform.post(f"{PATH}/{first}/confirm", {"reference": "4200001234"}, **more).json()
        for more in (key, key, {})
    ]
    assert [(one["state"], one["reference"]) for one in answers] == [("confirmed", "4200001234")] * 3
    assert answers[0] == answers[1] == answers[2]
    failed = house.platform.post(f"{PATH}/{second}/fail", {"reason": "account_closed"}).json()
    assert (failed["state"], failed["failure"]) == ("failed", "account_closed")
    assert "原付款账户已注销" in failed["says"]["zh"]
    late = house.platform.post(f"{PATH}/{first}/fail", {"reason": "other"})
    assert (late.status, late.code) == (409, "remedies.confirmed")


def test_only_the_tenants_own_programs_and_admins_say_so(house, theirs):
    first = house.remedies[0]
    refused = [
        (house.clerk, 403, "access.not_allowed"),
        (house.buyer, 403, "access.not_for_a_party"),
        (house.shop, 403, "access.not_for_a_party"),
        (theirs, 404, "remedies.no_such_remedy"),
    ]
    for client, status, code in refused:
        for path, body in (("confirm", {}), ("fail", {"reason": "other"})):
            answer = client.post(f"{PATH}/{first}/{path}", body)
            assert (answer.status, answer.code) == (status, code)
    assert house.platform.get(f"{PATH}/{first}").json()["state"] == "sent"


INVALID = [
    ("confirm", {"reference": "x" * 201}, 422),
    ("confirm", {"paid": True}, 422),
    ("fail", {}, 422),
    ("fail", {"reason": "张三不要了"}, 422),
    ("fail", {"reason": "unanswered"}, 422),
    ("fail", {"reason": "other\x00"}, 422),
]


def test_what_makes_no_sense_is_refused(house):
    first = house.remedies[0]

    def check(case):
        path, body, status = case
        assert house.platform.post(f"{PATH}/{first}/{path}", body).status == status

    check_each(by_repr(INVALID), check)
    for identifier in (NOBODYS, "x", "%00"):
        assert house.platform.post(f"{PATH}/{identifier}/confirm", {}).status == 404
    for query in ("case=%00", "state=gone", "cursor=abc", "nonsense=1"):
        assert house.platform.get(f"{PATH}?{query}").status == 422
    assert house.platform.get(f"{PATH}/{first}").json()["state"] == "sent"
