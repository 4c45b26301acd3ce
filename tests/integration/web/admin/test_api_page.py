"""``/docs``: every operation of the API on a page of this service."""

import re

from tests.integration.web.browsing import Browser

from bixie.web.api_page.operations import tags_of
from bixie.web.app import routes_only


def test_every_operation_is_there_with_its_summary(service):
    document = routes_only().openapi()
    wanted = {
        (method, path, one["summary"])
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if isinstance(one, dict) and "operationId" in one
    }
    tags = tags_of(document)
    found = {(one.method, one.path, one.summary) for tag in tags for one in tag.operations}
    assert found == wanted
    assert all(one.summary for tag in tags for one in tag.operations)
    browser = Browser(service.port)
    index = browser.get("/docs").body.decode()
    for tag in tags:
        assert f'href="/docs/{tag.name}"' in index
        page = browser.get(f"/docs/{tag.name}").body.decode()
        assert page.count('class="operation"') == len(tag.operations)


def test_bodies_answers_and_parameters_are_named(service):
    page = Browser(service.port).get("/docs/cases?lang=en").body.decode()
    for name in ("Body (application/json)", "Answer 201", "Parameters", "<code>order</code>"):
        assert name in page


def test_nothing_is_loaded_from_outside_and_an_unknown_part_is_not_there(service):
    browser = Browser(service.port)
    page = browser.get("/docs/cases").body.decode()
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert len(page.encode()) < 400_000
    assert browser.get("/docs/nothing").status == 404
