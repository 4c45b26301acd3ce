"""``/setup``: the page behind the one-time link."""

from urllib.parse import urlencode

from tests.sweeps import by_repr, check_each

from bixie.identity.signin.setup import open_setup

GIVEN = {"name": "店铺", "kind": "merchant", "login": "admin", "password": "正确的马电池订书钉 yes"}


def send(client, token, **changed):
    body = urlencode(GIVEN | {"token": token} | changed).encode()
    return client.call("POST", "/setup", body, Content_Type="application/x-www-form-urlencoded")


def test_the_link_makes_the_first_tenant_once(nobody, store):
    token = open_setup(store)
    page = nobody.get(f"/setup?token={token}", Accept_Language="zh-CN")
    assert page.status == 200
    assert f'value="{token}"' in page.body.decode()
    assert "初次设置" in page.body.decode()
    assert "form-action 'self'" in page.headers["content-security-policy"]
    done = send(nobody, token)
    assert (done.status, done.headers["location"]) == (303, "/")
    session = next(one for one in done.cookies if one.startswith("bixie-session=")).partition(";")[0]
    today = nobody.get("/", Cookie=session)
    assert today.status == 200
    assert 'action="/logout"' in today.body.decode()
    assert send(nobody, token).status == 403
    assert open_setup(store) is None


def test_a_link_that_was_used_or_never_made_is_refused_before_the_form_is_filled_in(nobody, store):
    token = open_setup(store)
    assert "10 个字符" in nobody.get(f"/setup?token={token}", Accept_Language="zh-CN").body.decode()
    assert nobody.get("/setup?token=x").status == 403
    assert send(nobody, token).status == 303
    used = nobody.get(f"/setup?token={token}")
    assert used.status == 403
    assert 'name="password"' not in used.body.decode()
    assert 'role="alert"' in used.body.decode()


REFUSED = [({"token": "x"}, 403), ({"password": "x"}, 422), ({"name": "\x00"}, 422), ({"kind": "king"}, 422)]


def test_what_cannot_be_is_told_and_the_link_holds_still(nobody, store):
    token = open_setup(store)

    def check(case):
        changed, status = case
        assert send(nobody, **{"token": token} | changed).status == status

    check_each(by_repr(REFUSED), check)
    assert send(nobody, token).status == 303


def test_what_was_typed_is_shown_again_without_becoming_part_of_the_page(nobody, store):
    token = open_setup(store)
    page = send(nobody, token, name='"><script>', password="x").body.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    refused = send(nobody, '"><script>', name='"><script>').body.decode()
    assert "<script>" not in refused + nobody.get("/setup?token=%22%3E%3Cscript%3E").body.decode()


def test_without_the_link_the_page_says_where_it_is_found(nobody, store):
    open_setup(store)
    page = nobody.get("/setup").body.decode()
    assert "bixie serve" in page
    assert "<form" not in page
