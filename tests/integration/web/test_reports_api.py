"""``/api/v1/reports`` through a real server; what a worker does is done by the tests."""

from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading
from bixie.assembly.jobs import job_types
from bixie.jobs import repository as work
from bixie.jobs.attempts import run_job
from bixie.jobs.job_types import by_name
from bixie.jobs.models import State
from bixie.kit.timestamps import utc_now
from bixie.notices.models import Delivery
from bixie.report.document import schema

PATH = "/api/v1/reports"
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
NOBODYS = "examination_00000000000000000000000000"


@pytest.fixture
def do_jobs(store, location):
    """Return a function that does every job that waits."""

    def do():
        with store.reading(Session) as session:
            jobs = work.page(session, tenant=None, states=[State.WAITING], after=None, limit=100)
        types = by_name(job_types(store, location))
        for job in jobs:
            run_job(store, types, job.id, job.run, clock=utc_now, jitter=lambda: 0.0)

    return do


def given(client, name, role):
    data = (EXAMPLES / name).read_bytes()
    return client.upload("/api/v1/exhibits", data, fields={"order": "1", "role": role}).json()


def test_a_claims_file_is_examined_against_what_was_there_before_it(ours, do_jobs):
    given(ours, "listing.jpg", "listing")
    claim = given(ours, "claim.jpg", "claim")
    assert ours.get(f"{PATH}?exhibit={claim['id']}").json() == {"items": [], "next": None}
    do_jobs()
    (report,) = ours.get(f"{PATH}?exhibit={claim['id']}").json()["items"]
    assert report["verdict"] == "refuted"
    assert ours.get(f"{PATH}/{report['id']}").json() == report
    document = ours.get(f"{PATH}/{report['id']}/document").json()
    jsonschema.validate(document, schema())
    assert (document["exhibits"][0]["id"], document["exhibits"][0]["path"]) == (claim["id"], claim["name"])
    events = ours.get(f"/api/v1/ledger/events?subject={report['document']}").json()["items"]
    assert [one["type"] for one in events] == ["exhibit.written", "exhibit.handed_out"]


def test_photos_that_arrive_together_are_one_report_with_its_page_and_masks(ours, do_jobs):
    ours.post("/api/v1/webhooks", {"url": "https://shop.example/hook", "events": ["exhibit.examined"]})
    given(ours, "listing.jpg", "listing")
    edited, honest = given(ours, "claim.jpg", "claim"), given(ours, "honest.jpg", "claim")
    do_jobs()
    (report,) = ours.get(PATH).json()["items"]
    assert (report["exhibit"], report["verdict"]) == (edited["id"], "refuted")
    assert report["exhibits"] == [
        {"exhibit": edited["id"], "verdict": "refuted", "examiner": "derivation"},
        {"exhibit": honest["id"], "verdict": "inconclusive", "examiner": None},
    ]
    for one in (edited, honest):
        assert ours.get(f"{PATH}?exhibit={one['id']}").json()["items"] == [report]
    document = ours.get(f"{PATH}/{report['id']}/document").json()
    assert [one["path"] for one in document["exhibits"]] == [edited["name"], f"{edited['name']} (2)"]
    assert document["known"][0]["path"] == f"{edited['name']} (3)"
    (mask,) = {one["mask"] for one in document["exhibits"][0]["findings"]} - {None}
    page, picture = (ours.get(f"{PATH}/{report['id']}/{part}") for part in ("page", mask))
    assert (page.headers["content-type"], picture.headers["content-type"]) == (
        "text/html; charset=utf-8",
        "image/png",
    )
    policy = page.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert picture.body.startswith(b"\x89PNG")
    assert edited["name"] in page.body.decode()
    assert edited["id"] not in page.body.decode()
    events = ours.get("/api/v1/ledger/events?type=exhibit.examined").json()["items"]
    assert [one["subject"] for one in events] == [edited["id"], honest["id"]]
    first, second = (one["data"] for one in events)
    assert first["page_sha256"] == second["page_sha256"] == sha256(page.body).hexdigest()
    assert (first["masks"][mask], second["masks"]) == (sha256(picture.body).hexdigest(), {})
    read = ours.get(f"/api/v1/ledger/events?subject={report['document']}").json()["items"]
    assert [one["data"].get("file") for one in read] == [None, None, "index.html", mask]
    assert ours.get(f"{PATH}/{report['id']}/masks/9-9.png").code == "vault.no_such_file"


def test_a_later_photo_makes_a_report_about_the_whole_claim(ours, do_jobs):
    first = given(ours, "honest.jpg", "claim")
    do_jobs()
    second = given(ours, "claim.jpg", "claim")
    do_jobs()
    early, late = ours.get(f"{PATH}?exhibit={first['id']}").json()["items"]
    assert [one["exhibit"] for one in early["exhibits"]] == [first["id"]]
    assert [one["exhibit"] for one in late["exhibits"]] == [first["id"], second["id"]]
    assert late["exhibit"] == second["id"]
    assert ours.get(f"{PATH}?exhibit={second['id']}").json()["items"] == [late]


def test_webhooks_are_told_of_a_report_in_its_own_transaction(ours, do_jobs, store, tenant):
    ours.post("/api/v1/webhooks", {"url": "https://shop.example/hook", "events": ["exhibit.examined"]})
    claim = given(ours, "honest.jpg", "claim")
    do_jobs()
    (report,) = ours.get(PATH).json()["items"]
    with reading(store, Principal(tenant[0], "program_test", Role.PROGRAM)) as session:
        delivery = session.scalars(select(Delivery)).one()
    (event,) = ours.get("/api/v1/ledger/events?type=exhibit.examined").json()["items"]
    assert delivery.content["type"] == event["type"]
    assert delivery.content["data"] == {
        "exhibit": claim["id"],
        "exhibits": [
            {
                "exhibit": claim["id"],
                "verdict": report["verdict"],
                "examiner": report["exhibits"][0]["examiner"],
            }
        ],
        "report": report["id"],
        "verdict": report["verdict"],
        "sequence": event["sequence"],
    }


def test_another_tenants_reports_are_not_there(ours, theirs, do_jobs):
    given(ours, "honest.jpg", "claim")
    do_jobs()
    (report,) = ours.get(PATH).json()["items"]
    assert theirs.get(PATH).json()["items"] == []
    for path in (report["id"], f"{report['id']}/document", NOBODYS, "%00", "x"):
        answer = theirs.get(f"{PATH}/{path}")
        assert (answer.status, answer.code) == (404, "examinations.no_such_report")
