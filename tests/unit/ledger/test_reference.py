"""The page of the ledger holds to the program."""

import re
import tomllib
from pathlib import Path

from bixie.ledger import rules, signing, timestamps
from bixie.ledger.proofs import PROOF_FORMAT
from bixie.store import settings

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/reference/ledger.md").read_text(encoding="utf-8")
SOURCES = {
    path.name: path.read_text(encoding="utf-8") for path in (ROOT / "src/bixie/ledger").glob("**/*.py")
}
# A witness that says nothing is found by the command, which knows what each of its options has read.
SOURCES["command"] = (ROOT / "src/bixie/cli/ledger/verify.py").read_text(encoding="utf-8")
VERIFICATION = "".join(text for name, text in SOURCES.items() if name.startswith(("verif", "comparing")))
SENTENCES = tomllib.loads((ROOT / "src/bixie/ledger/messages.toml").read_text(encoding="utf-8"))


def test_the_page_names_every_finding_and_no_other():
    found = set(re.findall(r'"(ledger\.[a-z_]+)"', VERIFICATION))
    found |= set(re.findall(r'BrokenLedger\("(ledger\.[a-z_]+)"', "".join(SOURCES.values())))
    assert set(re.findall(r"(?m)^\| `(ledger\.[a-z_]+)` \|", PAGE)) == found
    assert found <= set(SENTENCES)


def test_every_sentence_is_said_somewhere():
    sources = "".join(SOURCES.values())
    assert [code for code in SENTENCES if f'"{code}"' not in sources] == []


def test_the_page_names_the_settings():
    names = {settings.DATABASE_URL, settings.DATABASE_FILE, timestamps.URL, timestamps.ROOTS}
    names |= {signing.KEY_SETTING, signing.KEY_FILE, "BIXIE_DATA"}
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_the_page_shows_the_formats_as_they_are():
    event = rules.Event(
        tenant="tenant_…",
        sequence=1,
        previous="<hash>",
        type="exhibit.kept",
        subject="exhibit_…",
        actor="person_…",
        time="2026-11-25T08:30:00.123Z",
        data={"bytes": 1234},
        personal={"name": "<commitment>"},
    )
    assert event.body() in PAGE
    assert PROOF_FORMAT in PAGE
    prefixes = [value for name, value in vars(rules).items() if name.endswith("_PREFIX")]
    assert len(prefixes) == 5
    for prefix in prefixes:
        assert f"`{prefix.decode().strip()}`" in PAGE
