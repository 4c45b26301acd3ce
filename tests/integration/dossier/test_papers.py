"""Papers of a case: facts with their sources, blanks with questions, nothing that one side only knows."""

import html
import json
import re
import sys

import pytest
from tests.integration.web.service import picture

from bixie.dossier.documents import pdf


@pytest.fixture
def case(desk, platform, merchant):
    id_ = desk.escalated(text="杯口<b>裂了</b>")
    fields = {"order": "C1", "role": "packing"}
    packing = merchant.upload("/api/v1/exhibits", picture((6, 3, 2)), fields=fields)
    assert packing.status == 201
    assert platform.upload(f"/api/v1/cases/{id_}/upload?side=buyer", picture((4, 3, 2))).status == 201
    desk.post(merchant, f"{id_}/messages", {"text": "只在商家和平台之间说的话", "audience": "merchant"})
    return id_


def listed(client, case, query=""):
    answer = client.get(f"/api/v1/cases/{case}/documents{query}")
    assert answer.status == 200, answer.body
    return {one["kind"]: one for one in answer.json()["items"]}


def written(client, case, kind, query=""):
    answer = client.get(f"/api/v1/cases/{case}/documents/{kind}?lang=zh{query}")
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"].startswith("text/html")
    return answer.body.decode()


def test_each_side_is_offered_its_own_papers_with_their_time_limits(platform, merchant, case):
    of_merchant = listed(merchant, case)
    assert {"police_report", "civil_complaint", "platform_letter", "report_12315"} <= set(of_merchant)
    assert "2027-05-02" in of_merchant["police_report"]["until"]["zh"]
    assert of_merchant["evidence_list"]["until"] is None
    assert set(listed(platform, case, "?side=buyer")) == {"evidence_list", "complaint_12315"}
    assert "provider_report" not in of_merchant, "no file carries a label"


def test_a_paper_says_where_each_fact_is_from_and_asks_for_the_rest(merchant, case):
    page = written(merchant, case, "civil_complaint")
    assert "C1" in page
    assert f"来源：售后单 {case}" in page
    assert "来源：订单 C1" in page
    assert "对方姓名？不知道的，先向平台调取。" in page
    assert page.count('class="blank"') > 10
    assert "返还已退款项" in page
    assert "☐" in page
    assert "第122条" in page


def test_what_people_wrote_is_escaped_and_what_one_side_only_knows_stays_out(merchant, case):
    page = written(merchant, case, "police_report")
    assert "杯口&lt;b&gt;裂了&lt;/b&gt;" in page
    assert "只在商家和平台之间说的话" not in page
    assert "<script" not in page


def test_no_paper_calls_a_person_anything_or_claims_a_judicial_chain(platform, merchant, case):
    for client, query in ((merchant, ""), (platform, "&side=buyer"), (platform, "")):
        for kind in listed(client, case, query.replace("&", "?")):
            page = written(client, case, kind, query)
            assert not re.search("骗子|欺诈者|诈骗分子|买家造假", page), kind
            assert "不代表司法链存证" in page


def test_a_decision_that_was_not_made_is_asked_for(merchant, case):
    page = written(merchant, case, "platform_letter")
    assert "处理结果是什么？有无书面决定？" in page
    english = merchant.get(f"/api/v1/cases/{case}/documents/platform_letter?lang=en").body.decode()
    assert "Give us, and keep, the original records" in english
    assert "What was decided? Is it in writing?" in english


def test_the_list_of_evidence_says_where_each_file_is_from_and_asks_what_it_shows(merchant, case):
    page = written(merchant, case, "evidence_list")
    assert page.count("来源：存证 exhibit_") >= 2
    assert page.count("证明什么？原件在哪里？") == page.count("SHA-256 ")


def test_the_letter_of_a_decision_is_a_paper_once_there_is_one(platform, merchant, shop, desk):
    case = desk.post(platform, "", shop.claim())["id"]
    assert "decision_letter" not in listed(merchant, case)
    assert "尚未作出决定" in written(merchant, case, "decision_letter")
    desk.post(merchant, f"{case}/accept", {})
    assert "decision_letter" in listed(merchant, case)
    page = written(merchant, case, "decision_letter")
    letter = merchant.get(f"/api/v1/cases/{case}/letter?lang=zh&format=text").body.decode()
    told = [line for line in letter.splitlines()[1:] if line]
    assert len(told) > 8
    assert all(line in html.unescape(page) for line in told)
    assert "decision_letter" in listed(platform, case, "?side=buyer")


def test_without_the_extra_pdf_is_refused_with_what_to_install(merchant, case, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    pdf._fonts.cache_clear()
    assert merchant.get(f"/api/v1/cases/{case}/documents").json()["formats"] == ["html"]
    answer = merchant.get(f"/api/v1/cases/{case}/documents/evidence_list?format=pdf")
    assert (answer.status, answer.code) == (406, "pdf_extra_missing")


def test_with_the_extra_a_paper_is_a_pdf(merchant, case):
    pytest.importorskip("typst", reason="needs the extra “pdf”")
    if not pdf.can_write_pdf():
        pytest.skip("no Chinese font on this machine")
    assert merchant.get(f"/api/v1/cases/{case}/documents").json()["formats"] == ["html", "pdf"]
    answer = merchant.get(f"/api/v1/cases/{case}/documents/evidence_list?format=pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="evidence_list-{case}.pdf"'
    assert answer.body.startswith(b"%PDF-")


def test_papers_of_another_side_or_language_are_not_there(platform, merchant, case):
    for path in ("complaint_12315", "no_such", "police_report?lang=en"):
        answer = merchant.get(f"/api/v1/cases/{case}/documents/{path}")
        assert (answer.status, answer.code) == (404, "no_such_paper")
    assert platform.get(f"/api/v1/cases/{case}/documents/police_report").status == 404


def test_the_command_writes_the_same_papers(tmp_path, monkeypatch, capfdbinary):
    from tests.integration.remedies.shop import RecordingGateway, Shop

    from bixie.assembly.stores import OWN_TENANT, ready_store
    from bixie.cli.main import main
    from bixie.kit.timestamps import utc_now
    from bixie.store.settings import Location

    folder = tmp_path / "data"
    store = ready_store(Location.find(str(folder), environment={}))
    id_ = Shop(store, utc_now, RecordingGateway(), tenant=OWN_TENANT).filed()
    store.close()

    def call(*words):
        status = main(["letter", *map(str, words), "--data", str(folder), "--json"])
        return status, capfdbinary.readouterr()

    status, shown = call("list", id_)
    assert status == 0
    assert "police_report" in {one["kind"] for one in json.loads(shown.out)["items"]}
    out = tmp_path / "report.html"
    assert call("write", id_, "police_report", "--out", out, "--lang", "en")[0] == 0
    assert "报案材料" in out.read_text(encoding="utf-8")
    assert call("write", id_, "no_such", "--out", tmp_path / "other.html")[0] == 2
    assert not (tmp_path / "other.html").exists()
    with pytest.raises(SystemExit):
        call("write", id_, "police_report", "--out", out)
