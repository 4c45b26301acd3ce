"""The page of jobs holds to the program."""

import re
from pathlib import Path

from bixie.jobs.executor import MAX_CRASHES
from bixie.jobs.models import State
from bixie.jobs.rules import Retries
from bixie.vault.checking import EXAMINATION

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/reference/jobs.md").read_text(encoding="utf-8")
COMMAND = (ROOT / "src/bixie/cli/work.py").read_text(encoding="utf-8")


def test_the_page_names_every_state_and_kind():
    assert set(re.findall(r"(?m)^\| `([a-z]+)` \|", PAGE)) == {*State, EXAMINATION}


def test_the_page_shows_every_key_of_the_document():
    keys = set(re.findall(r'(?m)^        "([a-z_]+)":', COMMAND[COMMAND.index("def _document") :]))
    assert keys
    assert [key for key in keys if f'"{key}":' not in PAGE] == []


def test_the_page_says_how_often_and_when():
    retries = Retries()
    assert (retries.most, MAX_CRASHES) == (10, 20)
    assert f"waits {retries.first.seconds} seconds" in PAGE
    assert f"up to {retries.longest.seconds // 3600} hours" in PAGE
