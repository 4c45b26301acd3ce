"""The pages on policy packs name what the program knows."""

import re
from pathlib import Path

import pytest
from tests.unit.policies.packs import RULES, changed, faults_of

from bixie.kit.messages import catalogue
from bixie.policies import Facts
from bixie.policies.conditions import CONDITIONS
from bixie.policies.pack import EFFECTS, Pack
from bixie.policies.terms import Limits, Terms

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = [DOCS / "reference" / name for name in ("policy.md", "policy.zh-CN.md")]
HOW_TO = [DOCS / "how-to" / name for name in ("write-a-policy.md", "write-a-policy.zh-CN.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_every_key_condition_effect_and_fact(page):
    keys = [
        field.alias or name for model in (Pack, Terms, Limits) for name, field in model.model_fields.items()
    ]
    words = set(re.findall(r"[a-z][a-z_]+", page.read_text(encoding="utf-8")))
    assert {*CONDITIONS, *EFFECTS, *Facts.model_fields, *keys} - words == set()


def test_the_page_names_every_code_that_a_check_or_a_replay_can_give():
    text = PAGES[0].read_text(encoding="utf-8")
    codes = {key.removeprefix("policy.") for key in catalogue("bixie.policies").sentences}
    assert {code for code in codes - {"refused"} if f".{code}`" not in text} == set()


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.name)
def test_the_rule_of_the_how_to_is_one_that_the_check_takes(page):
    block = re.search(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)[1]
    rule = re.sub(r"^   ", "  ", block, flags=re.MULTILINE)
    text = changed(("\ngolden:", f"\n{rule}\ngolden:"), text=RULES)
    met = [code for code, _ in faults_of(text)]
    assert set(met) == {"policy.contradiction"}
    told = text.replace("yields_to: [", "yields_to: [exchanges-need-a-person, ").replace(
        "yields_to:\n", "yields_to:\n      - exchanges-need-a-person\n"
    )
    assert faults_of(told) == []
