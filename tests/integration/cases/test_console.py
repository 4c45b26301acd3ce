"""``/console``: a reviewer takes a case, writes, asks, sees the letters and decides, with forms only."""

import re

import pytest
from sqlalchemy import event
from tests.integration.web.browsing import Browser, person

from bixie.access.principal import Role
from bixie.cases.jobs import sweep_duties
from bixie.notices.reminders import remind_of_duties

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def sign_in(port, store, shop):
    def signed_in(login, role=Role.REVIEWER):
        somebody = person(store, shop.tenant, login, role)
        browser = Browser(port)
        assert browser.sign_in(login=login).status == 303
        return browser, somebody

    return signed_in


@pytest.fixture
def reviewing(sign_in):
    return sign_in("reviewer")[0]


def page(browser, path="/console?lang=en"):
    answer = browser.get(path)
    assert answer.status == 200, answer.body.decode()[:500]
    return answer.body.decode()


def send(browser, path, **fields):
    csrf = re.search(r'name="csrf" value="([^"]+)"', page(browser))[1]
    return browser.send(path, csrf=csrf, **fields)


def status(reviewer, case):
    return reviewer.get(f"/api/v1/cases/{case}").json()["status"]


REFUND = {"kind": "refund", "amount": "60", "items": "0:1", "reasons": "partly_shown", "note": "谢谢配合"}


def test_a_reviewer_takes_the_next_case_sees_the_letters_and_decides(desk, reviewing, reviewer):
    case = desk.heard()
    taken = send(reviewing, "/console/next")
    assert taken.headers["location"] == f"/console/cases/{case}"
    assert "You hold it until" in page(reviewing, f"/console/cases/{case}")
    path = f"/console/cases/{case}/decision"
    shown = send(reviewing, path, step="preview", **REFUND)
    assert shown.status == 200
    text = shown.body.decode()
    assert text.count('class="letter"') == 4
    assert re.search(r"\b60(\.00)?\b", text)
    assert "谢谢配合" in text
    assert status(reviewer, case) == "in_review"
    sent = send(reviewing, path, step="confirm", once="request_1", **REFUND)
    assert (sent.status, sent.headers["location"]) == (303, f"/console/cases/{case}")
    assert send(reviewing, path, step="confirm", once="request_1", **REFUND).status == 303
    made = reviewer.get(f"/api/v1/cases/{case}").json()["decisions"]
    assert [one["outcome"]["amount"]["minor"] for one in made] == [6000]


def test_a_refused_decision_says_why_and_keeps_what_was_typed(desk, reviewing, reviewer):
    case = desk.heard()
    path = f"/console/cases/{case}/decision"
    unclaimed = send(reviewing, path, step="confirm", **REFUND)
    assert unclaimed.status == 409
    send(reviewing, f"/console/cases/{case}/claim")
    for wrong in ({"amount": "999"}, {"amount": "x"}, {"amount": ""}, {"kind": "nothing"}):
        answer = send(reviewing, path, step="preview", **REFUND | wrong | {"note": "一句说明"})
        assert 400 <= answer.status < 500, wrong
        assert 'class="notice refused"' in answer.body.decode()
        assert "一句说明" in answer.body.decode()
    without_reason = {key: value for key, value in REFUND.items() if key != "reasons"}
    assert send(reviewing, path, step="preview", **without_reason).status == 422
    assert status(reviewer, case) == "in_review"


def test_a_case_of_another_reviewer_is_shown_and_not_decided(desk, sign_in, reviewer):
    case = desk.heard()
    first, _ = sign_in("first")
    second, _ = sign_in("second")
    send(first, f"/console/cases/{case}/claim")
    assert "first holds it until" in page(second, f"/console/cases/{case}?lang=en")
    assert send(second, f"/console/cases/{case}/decision", step="confirm", **REFUND).status == 409
    assert send(second, f"/console/cases/{case}/claim").status == 409
    assert status(reviewer, case) == "in_review"
    send(first, f"/console/cases/{case}/release")
    assert send(second, f"/console/cases/{case}/claim").status == 303


def test_a_second_reviewer_does_not_see_the_first_opinion(desk, shop, sign_in):
    case = desk.heard(
        order="B1", items=[{"position": 0, "count": 1}], amount={"minor": 700000, "currency": "CNY"}
    )
    first, _ = sign_in("first")
    second, _ = sign_in("second")
    send(first, f"/console/cases/{case}/claim")
    ruling = {
        "kind": "refund",
        "amount": "7000",
        "items": "0:1",
        "reasons": "damage_shown",
        "note": "秘密意见",
    }
    shown = send(first, f"/console/cases/{case}/decision", step="preview", **ruling)
    assert "There is no letter to look at yet" in shown.body.decode()
    assert send(first, f"/console/cases/{case}/decision", step="confirm", **ruling).status == 303
    send(second, f"/console/cases/{case}/claim")
    seen = page(second, f"/console/cases/{case}?lang=en")
    assert "Another reviewer has given an opinion" in seen
    assert "秘密意见" not in seen
    assert "秘密意见" in page(first, f"/console/cases/{case}?lang=en")
    for amount in ("7000", "6900", "1000"):  # the same, on the same step of the scale, and another
        shown = send(second, f"/console/cases/{case}/decision", step="preview", **ruling | {"amount": amount})
        assert shown.status == 200
        assert "There is no letter to look at yet" in shown.body.decode(), amount


def test_what_people_write_is_shown_as_text(desk, platform, reviewing, reviewer):
    case = desk.heard(text=SCRIPT)
    answer = send(reviewing, f"/console/cases/{case}/messages", text=SCRIPT, audience="platform")
    assert answer.headers["location"] == f"/console/cases/{case}#thread"
    seen = page(reviewing, f"/console/cases/{case}")
    assert SCRIPT not in seen
    assert seen.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2
    thread = platform.get(f"/api/v1/cases/{case}?side=buyer").json()["thread"]
    assert [one["text"] for one in thread].count(SCRIPT) == 1  # the claim; the note is for reviewers only
    empty = send(reviewing, f"/console/cases/{case}/messages", text=" ", audience="all")
    assert empty.status == 422


def test_what_one_side_writes_to_the_platform_alone_is_no_statement_beside_the_other_s(
    desk, merchant, reviewing
):
    case = desk.heard()
    desk.post(merchant, f"{case}/messages", {"text": "仅供平台参考", "audience": "merchant"})
    seen = page(reviewing, f"/console/cases/{case}?lang=en")
    assert seen.count("仅供平台参考") == 1
    statements = seen[seen.index('id="sides"') : seen.index('id="findings"')]
    assert "仅供平台参考" not in statements


def test_a_reviewer_asks_a_side_for_more_evidence(desk, reviewing, reviewer):
    case = desk.heard()
    send(reviewing, f"/console/cases/{case}/claim")
    asked = send(reviewing, f"/console/cases/{case}/asks", asks="another_angle", asks_of="merchant")
    assert asked.status == 303
    duties = reviewer.get(f"/api/v1/cases/{case}").json()["duties"]
    assert [(one["owner"], one["state"]) for one in duties if one["kind"] == "supplement"] == [
        ("merchant", "open")
    ]
    assert send(reviewing, f"/console/cases/{case}/asks", asks_of="merchant").status == 422


def test_a_tied_reviewer_is_not_given_the_case(desk, shop, reviewing):
    case = desk.heard()
    send(reviewing, f"/console/cases/{case}/claim")
    tied = send(reviewing, f"/console/cases/{case}/conflict", party=shop.merchant, reason="family")
    assert tied.status == 303
    assert send(reviewing, f"/console/cases/{case}/claim").status == 403
    assert send(reviewing, "/console/next").headers["location"] == "/console?nothing=true"
    assert "Nothing can be decided at the moment" in page(reviewing, "/console?nothing=true&lang=en")


def test_the_queue_is_for_reviewers_and_says_when_it_is_empty(sign_in, port):
    reviewing, _ = sign_in("reviewer")
    clerk, _ = sign_in("clerk", Role.CLERK)
    assert "Nothing waits here" in page(reviewing)
    assert clerk.get("/console").status == 403
    assert Browser(port).get("/console").headers["location"].startswith("/login?next=")
    forged = reviewing.send("/console/next", csrf="wrong")
    assert forged.status == 403


def test_the_counts_of_the_queue_are_asked_for_once(desk, shop, reviewing):
    desk.heard()
    asked = []

    def note(_connection, _cursor, statement, *_):
        if "SELECT count(" in statement:
            asked.append(statement)

    event.listen(shop.store.engine, "before_cursor_execute", note)
    page(reviewing)
    event.remove(shop.store.engine, "before_cursor_execute", note)
    assert len(asked) == 8  # all, held, overdue and soon overdue, of reviews and of appeals


def test_two_reviewers_of_one_case_see_each_other(desk, shop, sign_in, platform):
    case = desk.heard()
    path = f"/api/v1/cases/{case}/presence"
    first, _ = sign_in("first")
    second, _ = sign_in("second")
    token = {
        browser: re.search(r'data-csrf="([^"]+)"', page(browser, f"/console/cases/{case}"))[1]
        for browser in (first, second)
    }

    def here(browser, method="POST"):
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        answer = browser.client.call(method, path, Cookie=cookie, X_CSRF_Token=token[browser])
        return [one["name"] for one in answer.json()["others"]] if answer.body else answer.status

    assert here(first) == []
    assert here(second) == ["first"]
    assert here(first) == ["second"]
    assert platform.post(f"{path}?side=buyer").json() == {"others": []}  # a side sees its own people only
    assert here(second, "DELETE") == 204
    assert here(first) == []
    here(second)
    shop.clock.move(seconds=80)
    assert here(first) == []


def test_an_appeal_is_shown_to_another_reviewer_who_lets_the_decision_stand(desk, sign_in, reviewer):
    case = desk.heard()
    first, _ = sign_in("first")
    second, _ = sign_in("second")
    refusal = {"kind": "refuse", "reasons": "evidence_insufficient", "step": "confirm", "once": "request_2"}
    send(first, f"/console/cases/{case}/claim")
    assert send(first, f"/console/cases/{case}/decision", **refusal).status == 303
    desk.appealed(case)
    assert send(first, f"/console/cases/{case}/claim").status == 403
    send(second, f"/console/cases/{case}/claim")
    assert "not decided yet" in page(second, f"/console/cases/{case}?lang=en")
    stands = {"kind": "stands", "reasons": "evidence_insufficient", "note": "与原决定一致"}
    shown = send(second, f"/console/cases/{case}/decision", step="preview", **stands)
    assert shown.body.decode().count('class="letter"') == 4
    assert send(second, f"/console/cases/{case}/decision", step="confirm", **stands).status == 303
    assert "the decision stands" in page(second, f"/console/cases/{case}?lang=en")
    assert [one["state"] for one in reviewer.get(f"/api/v1/cases/{case}").json()["appeals"]] == ["upheld"]
    clerk, _ = sign_in("clerk", Role.CLERK)
    buyers = desk.platform.post(f"/api/v1/cases/{case}/link", json={}).json()["path"]
    places = ((second, f"/console/cases/{case}"), (clerk, f"/desk/cases/{case}"), (first, buyers))
    for browser, path in places:
        (letter,) = set(
            re.findall(
                r'href="([^"]+[?;]appeal=true)[^"]*"[^>]*>(?!English)', page(browser, f"{path}?lang=zh-CN")
            )
        )
        assert "原决定" in page(browser, letter.replace("&amp;", "&"))


def test_goods_that_are_overdue_are_settled_by_hand_with_words(desk, shop, sign_in, reviewer):
    case = desk.post(desk.platform, "", desk.shop.claim(service="return_refund"))["id"]
    desk.post(desk.merchant, f"{case}/accept", {})
    desk.post(desk.platform, f"{case}/return?side=buyer", {"text": "顺丰 SF1"})
    desk.post(desk.merchant, f"{case}/inspection", {"inspection": "fail", "text": "配件不全"})
    desk.post(desk.platform, f"{case}/withdraw?side=buyer", {})
    shop.clock.move(days=20)  # a week of holidays lies between
    browser, _ = sign_in("reviewer")
    path = f"/console/cases/{case}"
    assert f'action="{path}/settle"' not in page(browser, path)
    assert "by-hand" not in page(browser)
    sweep_duties(shop.store, remind_of_duties, shop.clock)
    assert f'action="{path}/settle"' in page(browser, f"{path}?lang=en")
    told = page(browser)
    assert (path in told, "see to goods that have not reached the buyer" in told) == (True, True)
    assert "1 to be seen to by hand" in page(browser, "/?lang=en")
    asked = reviewer.get("/api/v1/cases?duty=follow_up").json()["items"]
    assert [one["id"] for one in asked] == [case]
    empty = send(browser, f"{path}/settle", text=" ")
    assert (empty.status, 'class="notice refused"' in empty.body.decode()) == (422, True)
    assert send(browser, f"{path}/settle", text="平台已补偿买家").status == 303
    after = page(browser, path)
    assert ("平台已补偿买家" in after, f'action="{path}/settle"' in after) == (True, False)
    assert reviewer.get(f"/api/v1/cases/{case}").json()["closed_why"] == "settled"
    assert "by-hand" not in page(browser)


def test_an_administrator_at_a_browser_speaks_for_no_side(desk, sign_in):
    case = desk.heard()
    admin, _ = sign_in("head", Role.ADMIN)
    for side in ("buyer", "merchant"):
        refused = admin.get(f"/api/v1/cases/{case}?side={side}")
        assert (refused.status, refused.code) == (403, "cases.side_needs_a_key")
    for own in ("", "?side=platform"):
        assert admin.get(f"/api/v1/cases/{case}{own}").json()["side"] == "platform"
