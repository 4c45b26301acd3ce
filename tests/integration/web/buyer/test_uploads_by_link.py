"""The holder of a link uploads files of a claim for its own order, resumes, and can do nothing else."""

from base64 import b64encode

import pytest
from tests.integration.cases.test_links import case_link, claim_link, filed, token_of
from tests.integration.web.service import Client, picture

UPLOADS = "/api/v1/uploads"


class Uploader:
    def __init__(self, port, link):
        self.client, self.token = Client(port), token_of(link)

    def call(self, method, path, body=None, **headers):
        return self.client.call(
            method, path, body, Authorization=f"Link {self.token}", Tus_Resumable="1.0.0", **headers
        )

    def begin(self, size, order="A1", role="claim"):
        pairs = {"order": order, "filename": "杯子.png", "role": role}
        metadata = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in pairs.items())
        return self.call("POST", UPLOADS, Upload_Length=str(size), Upload_Metadata=metadata)

    def part(self, url, data, offset):
        kind = "application/offset+octet-stream"
        return self.call("PATCH", url, data, Upload_Offset=str(offset), Content_Type=kind)


@pytest.fixture
def uploader(port, platform, shop):
    return Uploader(port, claim_link(platform, buyer=shop.buyer))


def test_a_picture_is_uploaded_in_parts_resumed_and_becomes_the_claim_s_evidence(
    uploader, shop, platform, merchant
):
    data = picture()
    url = uploader.begin(len(data)).headers["location"]
    assert uploader.part(url, data[:50], 0).headers["upload-offset"] == "50"
    assert uploader.call("HEAD", url).headers["upload-offset"] == "50"
    exhibit = uploader.part(url, data[50:], 50).headers["bixie-exhibit"]
    owned = merchant.get(f"/api/v1/exhibits/{exhibit}")
    assert (owned.status, owned.json()["order"], owned.json()["role"]) == (200, "A1", "claim")
    case = filed(platform, shop, exhibits=[{"exhibit": exhibit, "role": "damage"}])
    shown = platform.get(f"/api/v1/cases/{case}").json()
    assert [one["id"] for one in shown["exhibits"]] == [exhibit]


def test_only_files_of_a_claim_for_the_own_order_and_none_that_is_too_large(uploader):
    for asked in ({"order": "B2"}, {"role": "packing"}):
        assert uploader.begin(100, **asked).code == "vault.not_granted"
    assert uploader.begin(300_000_000).code == "vault.upload_too_large"


def test_the_upload_of_another_holder_looks_as_if_there_were_none(uploader, port, platform, merchant):
    url = uploader.begin(100).headers["location"]
    other = Uploader(port, claim_link(platform, reference="somebody else"))
    for method in ("HEAD", "DELETE", "GET"):
        assert other.call(method, url).status == 404
    assert other.part(url, b"x", 0).status == 404
    assert merchant.get(url).status == 404


def test_a_link_opens_nothing_of_the_api_but_uploads(uploader, shop, platform):
    case = filed(platform, shop)
    used = uploader.begin(100)
    assert (used.status, used.code) == (403, "identity.link_used")
    uploader.token = token_of(case_link(platform, case))
    for path in ("/api/v1/cases", f"/api/v1/cases/{case}", "/api/v1/exhibits", "/api/v1/uploadsx"):
        assert (uploader.call("GET", path).status, uploader.call("GET", path).code) == (401, "access.no_key")
    assert uploader.begin(100).status == 201
    uploader.token = uploader.token[:-4] + "AAAA"
    assert uploader.begin(100).code == "identity.link_forged"
