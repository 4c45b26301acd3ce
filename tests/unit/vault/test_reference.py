"""The page of the vault holds to the program."""

import re
from pathlib import Path

from bixie.vault.models import State

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/reference/vault.md").read_text(encoding="utf-8")
SERVICE = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/bixie/vault").rglob("*.py"))
COMMAND = (ROOT / "src/bixie/cli/vault/keep.py").read_text(encoding="utf-8")


def test_the_page_names_every_event_of_custody_and_no_other():
    events = set(re.findall(r'"(exhibit\.[a-z_]+)"', SERVICE))
    assert events
    named = re.findall(r"(?m)^\|((?: `exhibit\.[a-z_]+`,?)+) \|", PAGE)
    assert set(re.findall(r"exhibit\.[a-z_]+", "".join(named))) == events


def test_the_page_names_every_state():
    assert [state for state in State if f"`{state}`" not in PAGE] == []


def test_the_page_shows_every_key_of_the_document():
    document = COMMAND[COMMAND.index("def _document") :]
    keys = set(re.findall(r'(?m)^        "([a-z0-9_]+)":', document))
    assert keys
    assert [key for key in keys if f'"{key}"' not in PAGE] == []
