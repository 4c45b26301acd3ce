"""A case's package: what is in it, what is not, and that it is what the ledger recorded."""

import io
import json
import zipfile

import pytest
from tests.integration.web.service import picture
from tests.makers.packages import KEY
from tests.services.authorities import Keys, serving

from bixie.access.tenancy import reading
from bixie.dossier.verification import Trusted, verify_package
from bixie.ledger import repository as ledger
from bixie.ledger.signing import KeyFile, PublicKey

BUYERS_PHOTO, MERCHANTS_PHOTO = picture((4, 3, 2)), picture((5, 3, 2))
PACKING = picture((6, 3, 2))


@pytest.fixture
def case(desk, platform, merchant):
    """Return the id of a case with a picture of each side, messages, and a packing picture."""
    id_ = desk.escalated()
    packing = merchant.upload("/api/v1/exhibits", PACKING, fields={"order": "C1", "role": "packing"})
    assert packing.status == 201, packing.body
    for client, side, photo in ((platform, "?side=buyer", BUYERS_PHOTO), (merchant, "", MERCHANTS_PHOTO)):
        assert client.upload(f"/api/v1/cases/{id_}/upload{side}", photo).status == 201
    desk.post(merchant, f"{id_}/messages", {"text": "发货前拍过照"})
    desk.post(merchant, f"{id_}/messages", {"text": "只在商家和平台之间说的话", "audience": "merchant"})
    return id_


@pytest.fixture
def key(store, tmp_path, case):
    return KeyFile(tmp_path / "ledger-key.pem", beside_store=True).signer(create=True).public


def built(client, case, query=""):
    answer = client.post(f"/api/v1/cases/{case}/package{query}")
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"] == "application/zip"
    return answer.body


def members(package):
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_a_package_holds_and_has_the_originals(merchant, case, key):
    package = built(merchant, case)
    found = verify_package(io.BytesIO(package), Trusted(keys=(key,)))
    assert found.ok, found.to_dict()
    assert {one.name for one in found.checks if one.state != "ok"} == {"timestamps"}
    files = members(package)
    listed = json.loads(files["exhibits.json"])
    assert [(one["side"], one["role"]) for one in listed] == [
        ("buyer", "damage"),
        ("merchant", "damage"),
        ("merchant", "packing"),
    ]
    assert [files[one["path"]] for one in listed] == [BUYERS_PHOTO, MERCHANTS_PHOTO, PACKING]


def test_each_side_and_the_platform_get_the_same_evidence(platform, merchant, reviewer, case, key):
    for client, query in ((platform, "?side=buyer"), (merchant, ""), (reviewer, "")):
        files = members(built(client, case, query))
        assert len(json.loads(files["exhibits.json"])) == 3
        assert "发货前拍过照" in files["overview.zh.html"].decode()
        assert not [name for name, data in files.items() if "只在商家和平台之间说的话".encode() in data]


def test_what_stays_closed_is_listed_with_its_reason(merchant, case):
    files = members(built(merchant, case))
    closed = json.loads(files["ledger/redactions.json"])
    assert {one["reason"] for one in closed} == {"personal", "one_side"}
    assert all(one["zh"] and one["en"] for one in closed)
    opened = [one["value"] for one in json.loads(files["ledger/openings.json"])]
    assert "杯口有一道裂纹" in opened
    assert "照片里没有裂纹" in opened


def test_an_erased_text_is_gone_and_its_commitment_stays(merchant, store, shop, case, key):
    from bixie.access.tenancy import writing
    from bixie.ledger.service import erase_about

    with writing(store, shop.program) as session:
        erase_about(session, case, shop.clock)
    package = built(merchant, case)
    assert verify_package(io.BytesIO(package), Trusted(keys=(key,))).ok
    assert "erased" in {one["reason"] for one in json.loads(members(package)["ledger/redactions.json"])}


def test_the_ledger_says_who_was_given_what(merchant, store, shop, case):
    files = members(built(merchant, case))
    given = [one for one in json.loads(files["custody.json"]) if one["purpose"] == "package"]
    assert len(given) == 3
    with reading(store, shop.program) as session:
        (said,) = [one for one in ledger.events_about(session, case) if one.type == "package.built"]
    assert json.loads(said.body)["data"] == {"exhibits": 3}


def test_rules_law_and_standards_are_inside(merchant, case):
    files = members(built(merchant, case))
    assert json.loads(files["policy/pack.json"])["id"]
    assert all(one["law"]["zh"] and one["on"] for one in json.loads(files["law.json"]))
    assert len(json.loads(files["standards.json"])) >= 6
    for language in ("zh", "en"):
        assert b"SF/T 0153-2023" in files[f"overview.{language}.html"]


def test_authorities_stamp_checkpoint_and_package(merchant, case, key, tmp_path, monkeypatch):
    keys = Keys(tmp_path / "authority", "Authority")
    with serving(lambda query: (200, keys.answer(query))) as url, serving(lambda _: (500, b"")) as silent:
        monkeypatch.setenv("BIXIE_TIMESTAMP_URL", f"{silent},{url}")
        monkeypatch.setenv("BIXIE_TIMESTAMP_ROOTS", str(keys.roots))
        package = built(merchant, case)
    files = members(package)
    assert [one["authority"] for one in json.loads(files["seal.json"])["timestamps"]] == [url]
    assert [one["authority"] for one in json.loads(files["ledger/stamps.json"])] == [url]
    from bixie.ledger.timestamps import trusted_roots

    roots = trusted_roots({"BIXIE_TIMESTAMP_ROOTS": str(keys.roots)})
    stamped = {one.name: str(one.state) for one in verify_package(io.BytesIO(package), Trusted(roots)).checks}
    # The clock of the test stands in the past, so the stamps are later than what they stamp.
    assert stamped["timestamps"] == "ok"
    assert stamped["clock"] == "ok"


def test_a_package_of_another_service_is_told_by_its_key(merchant, case, key):
    package = built(merchant, case)
    found = verify_package(io.BytesIO(package), Trusted(keys=(PublicKey(KEY.public.raw),)))
    assert [one.name for one in found.checks if one.state == "fault"] == ["key"]


def test_nobody_else_gets_one(port, shop, case):
    from tests.integration.web.service import Client

    other = Client(port, shop.key(party=_another_merchant(shop)))
    assert other.post(f"/api/v1/cases/{case}/package").status == 404
    assert Client(port).post(f"/api/v1/cases/{case}/package").status == 401


def _another_merchant(shop):
    from bixie.access.tenancy import writing
    from bixie.identity.rules import PartyKind
    from bixie.identity.service import add_party

    with writing(shop.store, shop.program) as session:
        return add_party(session, PartyKind.MERCHANT, name="另一家", clock=shop.clock).id
