"""The form of a claim and its drawings, through a real server."""

from tests.integration.web.service import Client, new_key

from bixie.access.principal import Role


def test_every_key_of_a_tenant_reads_the_form(ours, nobody, port, store, tenant):
    asked = "/api/v1/claim-options?service=return_refund&received=true&category=food&lang=zh"
    answers = {ours.get(asked).body}
    for role in (Role.CLERK, Role.REVIEWER, Role.POLICY_EDITOR, Role.API_KEY):
        answer = Client(port, new_key(store, tenant[0], role)).get(asked)
        assert answer.status == 200
        answers.add(answer.body)
    assert len(answers) == 1
    form = ours.get(asked).json()
    assert form["category"] == "food"
    assert "变质/不新鲜" in [one["title"] for one in form["reasons"]]
    assert nobody.get(asked).status == 401
    assert ours.get("/api/v1/claim-options?service=gift").code == "claims.no_such_service"
    assert ours.get("/api/v1/claim-options?lang=fr").status == 422


def test_the_checklist_leads_to_its_drawings(ours):
    addresses = [one["picture"] for one in ours.get("/api/v1/claim-options").json()["roles"]]
    assert len(addresses) == 9
    for address in addresses:
        answer = ours.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/svg+xml")
        assert "sandbox" in answer.headers["content-security-policy"]
    for name in ("gift.svg", "whole.png", "..%2Foptions.yaml", "whole"):
        answer = ours.get(f"/api/v1/claim-options/pictures/{name}")
        assert answer.status == 404


def test_a_settlement_is_suggested_with_its_arithmetic(ours):
    asked = "/api/v1/claim-options/suggestion?reason=damaged&received=true&paid=19900&category=fragile"
    found = ours.get(f"{asked}&level=30").json()
    first = found["remedies"][0]
    assert (first["service"], first["refund_minor"], found["currency"]) == ("refund_only", 5_970, "CNY")
    assert first["lines"][0]["text"]["zh"] == "退款 30% × 199 元 = 59.70 元"
    assert all(one["total_minor"] == sum(line["minor"] for line in one["lines"]) for one in found["remedies"])
    assert ours.get(f"{asked}&level=33").code == "claims.no_such_level"
