"""The reference page of labels holds to the code: carriers, formats, codes, clauses, hostile files."""

import re
from pathlib import Path

import pytest
from tests.makers.labels.hostile_files import INCOMPLETE, READ
from tests.makers.labels.matrix import label_cells
from tests.makers.labels.vendors import vendor_cells

from bixie.examiners.label import generators, grading
from bixie.examiners.label.carriers import CARRIERS
from bixie.examiners.source_types import AI_SOURCE_TYPES

ROOT = Path(__file__).resolve().parents[4]
PAGE = (ROOT / "docs" / "reference" / "labels.md").read_text(encoding="utf-8")
CELLS = [*label_cells(), *vendor_cells()]


def section(title):
    return re.search(rf"(?ms)^## {re.escape(title)}$(.*?)(?=^## |\Z)", PAGE)[1]


def rows(title):
    return [line.strip("| ").split("|") for line in section(title).splitlines() if line.startswith("| `")]


def test_every_carrier_has_a_row_with_its_formats():
    listed = {
        re.findall(r"`([^`]+)`", row[0])[0]: set(re.findall(r"`([^`]+)`", row[2]) if len(row) > 2 else ())
        for row in rows("Carriers")
    }
    assert listed
    assert set(listed) == set(CARRIERS)
    for carrier, formats in listed.items():
        assert formats == {cell.name.split("/")[0] for cell in CELLS if cell.carrier == carrier}, carrier


def test_the_test_that_the_page_names_exists():
    for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE):
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    assert "test_the_mark_is_read_and_its_place_is_named" in PAGE


def test_every_code_is_on_the_page():
    for code in {cell.expected for cell in CELLS}:
        family, name = code.rsplit(".", 1)
        assert f"`{code}`" in PAGE or f"`{family}.*`" in PAGE, code
    for rule in generators.RULES:
        assert f"`{rule.name}`" in PAGE
    for name in AI_SOURCE_TYPES.values():
        assert f"`label.iptc.{name}`" in PAGE


@pytest.mark.parametrize("clause", [grading.KEY, grading.ONE_COPY, grading.FIELDS_CLAUSE, grading.CHARACTERS])
def test_every_clause_is_on_the_page(clause):
    assert f"| {clause} |" in PAGE


def test_every_hostile_file_is_on_the_page_and_no_other():
    listed = [re.findall(r"`(\w+)`", row[0])[0] for row in rows("Hostile files")]
    assert sorted(listed) == sorted([*READ, *INCOMPLETE])
