"""What a stranger gets: the built archives, the program that comes out of the wheel, pages in a browser."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.chromium import running
from tests.report_page import opener

ROOT = Path(__file__).resolve().parents[2]


def build(sources, folder, *targets):
    """Build the archives `targets` (``-t wheel``, ``-t sdist``; both without) of `sources` into `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder), *targets]
    subprocess.run(command, cwd=sources, check=True, capture_output=True)


@pytest.fixture(scope="session")
def archives(tmp_path_factory):
    """Return the folder with the wheel and the source archive, as `make dist` builds them."""
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder)
    return folder


@pytest.fixture(scope="session")
def wheel(archives):
    """Return the path of the wheel."""
    (path,) = archives.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """Return the folder that the wheel was unpacked into; Python finds Bixie there by ``PYTHONPATH``."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def browser():
    """Return Chromium, one for all tests of a module."""
    with running() as browser:
        yield browser


@pytest.fixture
def open_page(browser, tmp_path):
    """Return a function that opens the page of a claim; see `tests.report_page.opener`."""
    with opener(browser, tmp_path) as open_it:
        yield open_it
