"""A clerk finds cases by due time and answers them with forms; what the API refuses, the page refuses."""

import pytest
from tests.integration.cases.evidence import report
from tests.integration.web.browsing import Browser
from tests.integration.web.desk.reading import act, fields, text
from tests.integration.web.service import form


def test_the_first_screen_has_what_waits_for_the_shop_with_the_most_urgent_first(shop, clerk):
    late, early = shop.order(), shop.order()
    shop.file(order=early)
    shop.clock.move(hours=1)
    shop.file(order=late)
    shown = text(clerk.get("/desk"))
    assert shown.index(early) < shown.index(late)
    assert "the platform steps in" in shown
    assert "¥100" in shown


def test_a_case_is_found_by_a_part_of_its_number_and_by_its_service(shop, clerk):
    number = shop.order()
    shop.file(order=number)
    assert number in text(clerk.get(f"/desk?view=all&q={number[2:]}"))
    assert number in text(clerk.get(f"/desk?service=refund_only&q={number}"))
    none = text(clerk.get(f"/desk?service=repair&q={number}"))
    assert number not in none.replace(f'value="{number}"', "")
    assert "No case fits" in none


def test_more_cases_follow_on_the_next_page(shop, clerk):
    for _ in range(31):
        shop.file(pictures=0)
    page = clerk.get("/desk").body.decode()
    more = page.partition('class="button quiet" href="')[2].partition('"')[0].replace("&amp;", "&")
    first, second = (set(_links(one)) for one in (page, clerk.get(more).body.decode()))
    assert len(first) == 30
    assert second
    assert not first & second


def _links(page):
    return [one.partition('"')[0] for one in page.split('class="case-link" href="')[1:]]


def test_what_was_found_stands_at_the_picture_with_a_way_to_the_whole_report(shop, clerk):
    case = shop.file()
    made = report(shop, shop.blobs, case["exhibits"][0]["id"], "refuted")
    page = clerk.get(f"/desk/cases/{case['id']}")
    assert "It is the listing's photo, changed." in text(page)
    assert f"/api/v1/cases/{case['id']}/report/{made}/page" in page.body.decode()
    whole = clerk.get(f"/reports/{made}")
    assert whole.status == 200
    assert f'src="/api/v1/reports/{made}/page"' in whole.body.decode()


def test_a_click_challenges_a_picture_and_a_second_click_changes_nothing(shop, clerk):
    case = shop.file()
    address = f"/desk/cases/{case['id']}/challenge"
    sent = fields(clerk.get(f"/desk/cases/{case['id']}"), address)
    values = {"exhibit": case["exhibits"][0]["id"], "asks": ["another_angle", "code_on_paper"]}
    for _ in range(2):
        assert clerk.send(address, **sent, **values).status == 303
    asked = [one for one in shop.case(case["id"])["thread"] if one["type"] == "case.negotiated"]
    assert len(asked) == 1
    assert shop.case(case["id"])["status"] == "awaiting_buyer"


def test_a_refusal_without_the_picture_it_needs_is_refused_and_keeps_what_was_typed(shop, clerk):
    case = shop.file()["id"]
    answer = act(clerk, case, "reject", reason="buyer_damage", text="packed whole")
    assert answer.status == 422
    assert "packed whole" in text(answer)
    assert 'role="alert"' in answer.body.decode()
    assert shop.case(case)["status"] == "awaiting_merchant"


def test_a_refusal_goes_with_the_picture_that_its_form_sends(shop, clerk):
    from tests.integration.web.service import picture

    case = shop.file()["id"]
    address = f"/desk/cases/{case}/reject"
    values = fields(clerk.get(f"/desk/cases/{case}"), address) | {"reason": "buyer_damage", "text": "packed"}
    kind, body = form(picture(), "packed.png", "image/png", values)
    cookie = "; ".join(f"{name}={value}" for name, value in clerk.cookies.items())
    origin = f"http://127.0.0.1:{shop.port}"
    answer = clerk.client.call("POST", address, body, Content_Type=kind, Cookie=cookie, Origin=origin)
    assert answer.status == 303, answer.body
    found = shop.case(case)
    assert [one["side"] for one in found["exhibits"]] == ["buyer", "merchant"]
    assert any(one["type"] == "case.rejected" for one in found["thread"])


@pytest.mark.parametrize(
    ("values", "amount"),
    [
        ({"kind": "refund", "amount": "¥ 25.50"}, 2550),
        ({"kind": "refund", "damage_level": "30"}, 3000),
    ],
)
def test_an_offer_is_an_amount_or_a_level_of_damage(shop, clerk, values, amount):
    case = shop.file()["id"]
    assert act(clerk, case, "negotiate", form="propose", text="", **values).status == 303
    assert shop.case(case)["offers"][0]["outcome"]["amount"]["minor"] == amount


def test_an_amount_that_is_none_is_named_and_the_form_stays_open(shop, clerk):
    case = shop.file()["id"]
    answer = act(clerk, case, "negotiate", form="propose", kind="refund", amount="much", text="")
    assert answer.status == 400
    assert 'value="much"' in answer.body.decode()


def test_other_evidence_is_asked_for_with_the_code_word_on_the_form(shop, clerk):
    case = shop.file()["id"]
    values = {"asks": ["code_on_paper", "packaging"], "code_word": "山茶 482", "text": "谢谢"}
    assert act(clerk, case, "negotiate", form="ask_evidence", **values).status == 303
    found = shop.case(case)["challenge"]
    assert (found["asks"], found["code_word"]) == (["code_on_paper", "packaging"], "山茶 482")


def test_an_invitation_to_withdraw_is_sent(shop, clerk):
    case = shop.file()["id"]
    assert act(clerk, case, "negotiate", form="agreed_withdraw", text="as agreed").status == 303
    assert shop.case(case)["status"] == "awaiting_buyer"


def test_agreeing_is_done_and_said(shop, clerk):
    case = shop.file()["id"]
    answer = act(clerk, case, "accept", text="")
    assert answer.headers["location"] == f"/desk/cases/{case}?done=accept"
    assert "You agreed." in text(clerk.get(answer.headers["location"]))
    assert shop.case(case)["decision"]["basis"] == "agreement"


def test_an_answer_after_the_case_went_on_is_refused_on_the_page(shop, clerk):
    case = shop.file()["id"]
    page = clerk.get(f"/desk/cases/{case}")
    act(clerk, case, "accept", text="")
    answer = act(clerk, case, "reject", page=page, reason="other", text="no")
    assert answer.status == 409
    assert 'role="alert"' in answer.body.decode()


def test_a_message_for_the_platform_is_not_for_the_buyer(shop, clerk):
    case = shop.file()["id"]
    assert act(clerk, case, "messages", text="<b>for you</b>", audience="merchant").status == 303
    page = clerk.get(f"/desk/cases/{case}")
    assert "&lt;b&gt;for you&lt;/b&gt;" in page.body.decode()
    buyer = shop.program_calls.get(f"/api/v1/cases/{case}?side=buyer").json()
    assert not any(one["text"] == "<b>for you</b>" for one in buyer["thread"])


def test_more_time_is_asked_for_and_the_new_deadline_stands_above(shop, clerk):
    case = shop.file()["id"]
    before = shop.case(case)["deadline"]
    assert act(clerk, case, "more-time", reason="checking_warehouse").status == 303
    assert shop.case(case)["deadline"] > before
    assert act(clerk, case, "more-time", reason="nothing_such").status == 422


def test_a_draft_is_shown_again_and_can_be_thrown_away(shop, clerk):
    case = shop.file()["id"]
    csrf = fields(clerk.get(f"/desk/cases/{case}"), f"/desk/cases/{case}/reject")["csrf"]
    cookie = "; ".join(f"{name}={value}" for name, value in clerk.cookies.items())
    draft = {"action": "reject", "values": {"reason": "other", "text": "half a sentence"}}
    origin = f"http://127.0.0.1:{shop.port}"
    address = f"/api/v1/cases/{case}/draft"
    kept = clerk.client.call("PUT", address, json=draft, Cookie=cookie, Origin=origin, X_CSRF_Token=csrf)
    assert kept.status == 200
    assert "half a sentence" in text(clerk.get(f"/desk/cases/{case}"))
    assert act(clerk, case, "draft").status == 303
    assert "half a sentence" not in text(clerk.get(f"/desk/cases/{case}"))


def test_goods_that_came_back_are_inspected(shop, clerk):
    case = shop.file(service="return_refund")["id"]
    act(clerk, case, "accept", text="")
    shop.post(f"/{case}/return", {"text": "SF 1"})
    assert "Goods came back" in text(clerk.get(f"/desk/cases/{case}"))
    assert act(clerk, case, "inspection", inspection="pass", text="").status == 303
    assert shop.case(case)["returned"] == "pass"


def test_goods_of_a_claim_that_is_withdrawn_are_sent_back_at_the_desk(shop, clerk):
    case = shop.file(service="return_refund")["id"]
    act(clerk, case, "accept", text="")
    shop.post(f"/{case}/return", {"text": "SF 1"})
    act(clerk, case, "inspection", inspection="fail", text="broken")
    shop.post(f"/{case}/withdraw", {})
    assert "Send the goods back to the buyer" in text(clerk.get(f"/desk/cases/{case}"))
    sent = act(clerk, case, "send-back", text="SF 2")
    assert "the goods are on their way" in text(clerk.get(sent.headers["location"]))
    now = shop.case(case)
    assert (now["status"], now["sent_back"]) == ("closed", "sent")
    assert "SF 2" in [one["text"] for one in now["thread"]]


def test_the_case_file_is_opened_and_that_is_recorded(shop, clerk):
    case = shop.file()["id"]
    page = act(clerk, case, "file")
    assert page.status == 200
    assert "Rules that decide" in text(page)
    assert shop.case(case)["file"]["merchant"]["opened_at"] is not None


def test_what_each_way_costs_is_shown_with_its_arithmetic(shop, clerk):
    case = shop.file()["id"]
    shown = text(clerk.get(f"/desk/cases/{case}?level=30"))
    assert "lowest cost" in shown
    assert "30" in shown


def test_an_appeal_is_filed_by_the_side_that_lost(shop, clerk):
    case = shop.file()["id"]
    act(clerk, case, "reject", reason="no_defect_found", text="nothing to see")
    shop.post(f"/{case}/escalate")
    answer = act(clerk, case, "supplement", text="our photo", complete="1")
    assert answer.status == 303
    assert "Appeal the decision" not in text(clerk.get(f"/desk/cases/{case}"))


@pytest.mark.parametrize("path", ["/desk", "/desk/cases/case_1", "/reports/examination_1"])
def test_without_a_session_the_way_leads_to_sign_in_and_back(shop, path):
    answer = Browser(shop.port).get(path)
    assert answer.status == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


def test_a_reviewer_has_no_desk_and_a_made_up_case_is_not_there(shop, clerk):
    reviewer = Browser(shop.port)
    reviewer.sign_in(login="reviewer")
    assert reviewer.get("/desk").status == 403
    assert clerk.get("/desk/cases/case_nothing").status == 404
    assert clerk.get("/desk?cursor=made-up").status == 422


def test_a_form_of_another_site_changes_nothing(shop, clerk):
    case = shop.file()["id"]
    sent = fields(clerk.get(f"/desk/cases/{case}"), f"/desk/cases/{case}/accept")
    answer = clerk.send(f"/desk/cases/{case}/accept", origin="https://elsewhere.example", **sent, text="")
    assert answer.status == 403
    assert shop.case(case)["status"] == "awaiting_merchant"
