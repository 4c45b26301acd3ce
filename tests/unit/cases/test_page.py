"""Both pages about cases say what the rules and words say."""

import importlib.util
from pathlib import Path

from bixie.cases.words import DutyKind

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"


def generator():
    spec = importlib.util.spec_from_file_location("generate_cases", REFERENCE / "generate_cases.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_both_pages_are_what_the_rules_generate():
    module = generator()
    for language, name in module.PAGES.items():
        assert (REFERENCE / name).read_text(encoding="utf-8") == module.page(language)


def test_the_page_names_the_owners_of_every_duty():
    assert set(generator().OWNERS) == set(DutyKind)
