"""``/api/v1/webhooks`` through a real server."""

from tests.integration.web.service import Client, new_key
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party
from bixie.notices import repository

PATH = "/api/v1/webhooks"
URL = "https://shop.example/hook"
NOBODYS = "webhook_00000000000000000000000000"


def test_a_webhook_is_made_with_a_secret_that_is_told_once(ours, store, tenant):
    made = ours.post(PATH, {"url": URL, "events": ["exhibit.examined"]})
    assert made.status == 201
    hook = made.json()
    assert hook.pop("secret").startswith("whsec_")
    assert ours.get(f"{PATH}/{hook['id']}").json() == hook
    assert ours.get(PATH).json() == {"items": [hook], "next": None}
    with reading(store, Principal(tenant[0], "program_test", Role.PROGRAM)) as session:
        assert repository.target_by_id(session, hook["id"]).secret == made.json()["secret"]


def test_the_same_call_again_makes_no_second_one_and_tells_no_secret(ours):
    first, again = (ours.post(PATH, {"url": URL}, Idempotency_Key="hook-1").json() for _ in range(2))
    assert first.pop("secret")
    assert again.pop("secret") is None
    assert first == again
    assert len(ours.get(PATH).json()["items"]) == 1


def test_a_new_secret_is_another_and_a_disabled_webhook_stays_on_record(ours):
    made = ours.post(PATH, {"url": URL}).json()
    changed = ours.post(f"{PATH}/{made['id']}/secret")
    assert changed.status == 201
    assert changed.json()["secret"] not in (None, made["secret"])
    for _ in range(2):
        assert ours.call("DELETE", f"{PATH}/{made['id']}").status == 204
    (left,) = ours.get(PATH).json()["items"]
    assert (left["disabled_why"], bool(left["disabled_at"])) == ("asked", True)


REFUSED = [
    ({"url": "ftp://shop.example"}, 422, "notices.not_a_place"),
    ({"url": "https://user@shop.example"}, 422, "notices.not_a_place"),
    ({"url": "\x00"}, 422, "notices.not_a_place"),
    ({"url": URL, "events": ["all"]}, 422, "notices.not_an_event"),
    ({"url": URL, "events": ["a.b"] * 51}, 422, "web.invalid"),
    ({"url": URL, "party": "party_00000000000000000000000000"}, 404, "identity.no_such_party"),
    ({"url": URL, "party": "\x00"}, 404, "identity.no_such_party"),
]


def test_a_webhook_that_cannot_be_is_refused(ours):
    def check(case):
        given, status, code = case
        answer = ours.post(PATH, given)
        assert (answer.status, answer.code) == (status, code)
        assert ours.get(PATH).json()["items"] == []

    check_each(by_repr(REFUSED), check)


def test_another_tenants_webhooks_are_not_there(ours, theirs):
    made = ours.post(PATH, {"url": URL}).json()
    assert theirs.get(PATH).json()["items"] == []
    for identifier in (made["id"], NOBODYS, "x"):
        for answer in (
            theirs.get(f"{PATH}/{identifier}"),
            theirs.post(f"{PATH}/{identifier}/secret"),
            theirs.call("DELETE", f"{PATH}/{identifier}"),
        ):
            assert (answer.status, answer.code) == (404, "notices.no_such_target")
    assert ours.get(PATH).json()["items"][0]["disabled_at"] is None


def test_only_admins_see_them_and_those_of_a_party_only_its_own(ours, store, tenant, port):
    ours.post(PATH, {"url": URL})
    clerk = Client(port, new_key(store, tenant[0], Role.CLERK))
    for answer in (clerk.get(PATH), clerk.post(PATH, {"url": URL})):
        assert (answer.status, answer.code) == (403, "identity.not_allowed")
    with writing(store, Principal(tenant[0], "program_test", Role.PROGRAM)) as session:
        shop = add_party(session, PartyKind.MERCHANT, name="分店")
    branch = Client(port, new_key(store, tenant[0], Role.ADMIN, party=shop.id))
    made = branch.post(PATH, {"url": URL})
    assert made.json()["party"] == shop.id
    assert [one["party"] for one in branch.get(PATH).json()["items"]] == [shop.id]
    assert len(ours.get(PATH).json()["items"]) == 2
    theirs = ours.get(PATH).json()["items"][0]["id"]
    assert branch.get(f"{PATH}/{theirs}").status == 404
