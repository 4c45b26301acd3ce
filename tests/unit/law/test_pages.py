"""The pages on the law hold to the catalogue and to the schemas."""

import importlib.util
import json
from pathlib import Path

from bixie.law.schemas import facts_schema

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"


def generated():
    spec = importlib.util.spec_from_file_location("generate_law", REFERENCE / "generate_law.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_catalogue_says():
    module = generated()
    assert module.PAGE.read_text(encoding="utf-8") == module.page()


def test_the_explanation_holds_the_calendar_and_the_advice_of_the_catalogue():
    module = generated()
    text = module.EXPLANATION.read_text(encoding="utf-8")
    assert module.explanation(text) == text
    assert text.count("2026-02-01") >= 2


def test_the_help_of_the_command_names_every_key():
    page = (REFERENCE / "command-line.md").read_text(encoding="utf-8")
    schema = facts_schema()
    parts = (schema, *schema["$defs"].values())
    names = {name for part in parts for name in part["properties"]}
    assert {"acts", "refund_decided_by", "guangdong_class", "telecom", "serious_circumstances"} <= names
    assert [name for name in names if name not in page] == []


def test_the_example_of_the_readmes_is_assessed():
    facts = json.loads((REFERENCE.parents[1] / "examples" / "facts.json").read_text(encoding="utf-8"))
    assert facts["intent"]["fabricated_evidence"] is True
