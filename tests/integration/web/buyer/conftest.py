"""The shop of the tests of cases on one database, a service for it, and a buyer at a browser.

The pages add no query of their own: that the rooms work on both databases is tested there.
"""

import shutil

import pytest
from tests.integration.cases.conftest import case_server, desk, merchant, platform, port, reviewer, shop
from tests.integration.web.browsing import Browser

from bixie.store.engine import connect
from bixie.store.settings import DATABASE_FILE, Location
from bixie.store.unit_of_work import Store

__all__ = ["case_server", "desk", "merchant", "platform", "port", "reviewer", "shop"]


@pytest.fixture
def location(tmp_path, sqlite_template):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copyfile(sqlite_template, folder / DATABASE_FILE)
    return Location.find(str(folder), environment={})


@pytest.fixture
def store(location):
    opened = Store(connect(location.url))
    yield opened
    opened.close()


@pytest.fixture
def buyer(port):
    browser = Browser(port)
    browser.get("/login?lang=zh")
    return browser
