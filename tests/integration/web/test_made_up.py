"""What somebody makes up: cursors, origins, numbers with NUL. Refused, and never an error of the service."""

import hashlib
from base64 import urlsafe_b64encode

import pytest
from tests.sweeps import by_repr, check_each

FORM = "application/x-www-form-urlencoded"


def made_up(tenant, of, position):
    """Return a cursor as who knows the tenant's id can make one."""
    whole = f"bixie.cursor/1\n{tenant}\n{of}\n{position}"
    tag = hashlib.sha256(whole.encode()).hexdigest()[:24]
    return urlsafe_b64encode(f"{tag}{position}".encode()).decode()


POSITIONS = ["abc", "9" * 30, "-1", "\x00", "1\n"]


def test_a_cursor_that_somebody_made_up_is_refused(ours, tenant):
    def check(position):
        for of, path in (("events", "ledger/events"), ("orders", "orders"), ("exhibits", "exhibits")):
            answer = ours.get(f"/api/v1/{path}?cursor={made_up(tenant[0], of, position)}")
            assert answer.status in ({200, 422} if path != "ledger/events" else {422})

    check_each(by_repr(POSITIONS), check)


@pytest.mark.parametrize("origin", ["http://[", "null", "http://", "x"])
def test_an_origin_that_is_none_is_another_site(nobody, origin):
    answer = nobody.call("POST", "/login", b"login=a&password=b", Content_Type=FORM, Origin=origin)
    assert (answer.status, answer.code) == (403, "web.other_site")


def test_text_that_no_database_takes_is_refused(ours, nobody):
    assert ours.get("/api/v1/holds?order=%00").code == "vault.bad_order"
    form = b"login=a&password=b&tenant=%00"
    assert nobody.call("POST", "/login", form, Content_Type=FORM).status == 401
    boundary = "0123456789boundary"
    fields = {"token": "x", "name": "\\ud800", "kind": "merchant", "login": "a", "password": "b"}
    head = "Content-Type: text/plain; charset=unicode_escape\r\n"
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n{head}\r\n{value}\r\n'
        for name, value in fields.items()
    )
    kind = f"multipart/form-data; boundary={boundary}; charset=unicode_escape"
    answer = nobody.call("POST", "/setup", f"{body}--{boundary}--\r\n".encode(), Content_Type=kind)
    assert answer.status < 500
