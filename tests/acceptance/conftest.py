"""What a stranger gets: the built archives, the program that comes out of the wheel, pages in a browser."""

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.acceptance.pages import TOO_LONG
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


@pytest.fixture
def environment(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    for name in ("listing.jpg", "claim.jpg"):
        shutil.copy(ROOT / "examples" / name, name)
    return dict(os.environ)


@pytest.fixture
def start():
    """Return a function that starts a program; each is told to stop at the end, and must end well."""
    started = []

    def begin(command, environment):
        piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, env=environment, **piped))
        return started[-1]

    yield begin
    for process in started:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=TOO_LONG)
        assert process.returncode == 0, log
