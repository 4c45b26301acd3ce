"""``/api/v1/keys`` through a real server."""

from tests.integration.web.service import Client, new_key
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party

PATH = "/api/v1/keys"


def test_a_key_opens_until_it_is_revoked(ours, port):
    made = ours.post(PATH, {"role": "clerk", "label": "收银台", "expires_at": "2099-12-31"})
    assert made.status == 201
    till = Client(port, made.json()["key"])
    assert till.get("/api/v1/orders").status == 200
    listed = ours.get(PATH).json()["items"]
    assert listed[-1]["id"] == made.json()["id"]
    assert "key" not in listed[-1]
    assert ours.call("DELETE", f"{PATH}/{made.json()['id']}").status == 204
    answer = till.get("/api/v1/orders")
    assert (answer.status, answer.code) == (401, "identity.key_revoked")
    assert ours.get(PATH).json()["items"][-1]["revoked_at"]


REFUSED = [
    ({"role": "buyer", "label": "x"}, 422),
    ({"role": "king", "label": "x"}, 422),
    ({"role": "clerk", "label": "\x00"}, 422),
    ({"role": "clerk", "label": "x", "expires_at": "2020-01-01"}, 422),
    ({"role": "clerk", "label": "x", "expires_at": "9999-12-31T23:59:59-12:00"}, 422),
    ({"role": "clerk", "label": "x", "party": "party_00000000000000000000000000"}, 404),
    ({"role": "clerk", "label": "x", "party": "\x00"}, 404),
]


def test_a_key_that_cannot_be_is_refused(ours):
    def check(case):
        given, status = case
        answer = ours.post(PATH, given)
        assert answer.status == status
        assert answer.code
        assert len(ours.get(PATH).json()["items"]) == 1

    check_each(by_repr(REFUSED), check)


def test_only_admins_make_see_and_revoke_keys(ours, store, tenant, port):
    clerk = Client(port, new_key(store, tenant[0], Role.CLERK))
    mine = ours.get(PATH).json()["items"][0]["id"]
    for answer in (
        clerk.post(PATH, {"role": "admin", "label": "x"}),
        clerk.get(PATH),
        clerk.call("DELETE", f"{PATH}/{mine}"),
    ):
        assert (answer.status, answer.code) == (403, "identity.not_allowed")


def test_an_admin_of_a_party_lets_in_for_that_party_and_sees_its_keys_only(ours, store, tenant, port):
    with writing(store, Principal(tenant[0], "program_test", Role.PROGRAM)) as session:
        shop = add_party(session, PartyKind.MERCHANT, name="分店")
    admin = Client(port, new_key(store, tenant[0], Role.ADMIN, shop.id))
    assert admin.post(PATH, {"role": "clerk", "label": "x", "party": shop.id}).status == 201
    assert admin.post(PATH, {"role": "clerk", "label": "x"}).status == 403
    assert {one["party"] for one in admin.get(PATH).json()["items"]} == {shop.id}
    first = ours.get(PATH).json()["items"][0]["id"]
    assert admin.call("DELETE", f"{PATH}/{first}").status == 404


def test_a_key_of_another_tenant_is_not_there(ours, theirs):
    mine = ours.get(PATH).json()["items"][0]["id"]
    answer = theirs.call("DELETE", f"{PATH}/{mine}")
    assert (answer.status, answer.code) == (404, "identity.no_such_key")
    assert theirs.call("DELETE", f"{PATH}/%00").code == "identity.no_such_key"
    assert mine not in {one["id"] for one in theirs.get(PATH).json()["items"]}
