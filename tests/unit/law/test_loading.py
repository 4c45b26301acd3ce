"""The catalogue's files: a small one that is fine, and every way to make it wrong, by file and line."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bixie.law.errors import CatalogueError
from bixie.law.loading import catalogue_folder, catalogue_of_law, load_catalogue

GOOD = """\
as_of: 2026-11-22
disclaimer: {zh: 供人工复核, en: For review}
laws:
  - {id: code, zh: 法, en: Code, from: 2021-01-01, to: 2030-12-31, articles: 100}
sources:
  - {id: book, zh: 书, en: A book, where: shelf}
thresholds:
  - {id: FR-A, offence: fraud, from: 2011-04-08, to: 2015-12-31, large: [3000, 10000], huge: 50000,
     extra: 500000, confidence: C, sources: [book]}
  - {id: FR-B, offence: fraud, from: 2016-01-01, to: null, large: 6000, huge: 60000, extra: 500000,
     confidence: C, sources: [book]}
rules:
  - id: CIV-1
    level: civil
    law: code
    articles: ["12(1)"]
    from: 2021-01-01
    to: 2025-12-31
    series: one
    text: {zh: 文字, en: Text}
    confidence: C
    sources: [book]
  - id: CIV-2
    level: civil
    law: code
    articles: ["12"]
    from: 2026-01-01
    to: 2030-12-31
    series: one
    text: {zh: 文字, en: Text}
    confidence: C
    sources: [book]
    see: [CIV-1]
assessments:
  - {rule: CIV-1, acts: [obtained], when: {all: [fabricated_evidence, {not: threat}]}}
advice:
  - {id: ADVICE-1, said: {zh: 说, en: Said}, instead: {zh: 实, en: Instead}, rules: [CIV-1]}
calendar:
  - {date: 2026-01-01, what: {zh: 变, en: New}, open_cases: {zh: 旧, en: Old}, rules: [CIV-2], confidence: C}
"""


def load(folder, text):
    (folder / "all.yaml").write_text(text, encoding="utf-8")
    return load_catalogue(folder)


def line_with(text, part):
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_fine_catalogue_is_loaded(tmp_path):
    law = load(tmp_path, GOOD)
    assert law.as_of == date(2026, 11, 22)
    assert list(law.rules) == ["CIV-1", "CIV-2"]
    assert law.rules["CIV-1"].location == ("all.yaml", line_with(GOOD, "id: CIV-1"))
    assert law.thresholds[0].large == (300_000, 1_000_000)
    assert law.rules["CIV-1"].in_force(date(2025, 12, 31))
    assert not law.rules["CIV-1"].in_force(date(2026, 1, 1))


WRONG = {
    "a tab": ("  - id: CIV-1", "\t- id: CIV-1", "catalogue.not_yaml", "\t- id: CIV-1"),
    "an alias": ("rules: [CIV-1]}", "rules: *x}", "catalogue.not_yaml", None),
    "a key twice": ("    law: code\n", "    law: code\n    law: code\n", "catalogue.not_yaml", None),
    "no such key": ("    series: one\n", "    colour: red\n", "catalogue.not_as_described", "id: CIV-1"),
    "no such level": ("level: civil", "level: divine", "catalogue.not_as_described", "id: CIV-1"),
    "a day that is none": ("to: 2025-12-31", 'to: "2025-02-30"', "catalogue.not_a_day", "id: CIV-1"),
    "a rule twice": ("id: CIV-2", "id: CIV-1", "catalogue.twice", None),
    "a source twice": (
        "sources:\n  - {id: book",
        "sources:\n  - {id: book, zh: 书, en: Book, where: here}\n  - {id: book",
        "catalogue.twice",
        "en: A book",
    ),
    "no such law": ("    law: code\n", "    law: codex\n", "catalogue.unknown", "id: CIV-1"),
    "no such source": (
        "sources: [book]\n  - id: CIV-2",
        "sources: [tale]\n  - id: CIV-2",
        "catalogue.unknown",
        "id: CIV-1",
    ),
    "no such rule to see": ("see: [CIV-1]", "see: [CIV-9]", "catalogue.unknown", "id: CIV-2"),
    "advice on no rule": (
        "en: Instead}, rules: [CIV-1]",
        "en: Instead}, rules: [CIV-9]",
        "catalogue.unknown",
        "ADVICE-1",
    ),
    "a change of no rule": ("rules: [CIV-2]", "rules: [CIV-9]", "catalogue.unknown", "open_cases"),
    "an assessment of no rule": ("{rule: CIV-1", "{rule: CIV-9", "catalogue.unknown", "{rule: CIV-9"),
    "no such condition": ("fabricated_evidence", "fabricated", "catalogue.unknown_condition", "{rule: CIV-1"),
    "no such condition of acts": ("[obtained]", "[gained]", "catalogue.unknown_condition", "{rule: CIV-1"),
    "no such condition of flags": (
        "    series: one\n",
        "    flags: [{id: mine, when: raining}]\n",
        "catalogue.unknown_condition",
        "id: CIV-1",
    ),
    "a flag that waits for no rule": (
        "    series: one\n",
        "    flags: [{id: mine, when: minor, open: [CIV-9]}]\n",
        "catalogue.unknown",
        "id: CIV-1",
    ),
    "an article too far": ('"12(1)"', '"101"', "catalogue.unknown_article", "id: CIV-1"),
    "article nought": ('"12(1)"', '"0"', "catalogue.unknown_article", "id: CIV-1"),
    "a rule that ends before it begins": (
        "from: 2021-01-01\n    to: 2025",
        "from: 2026-06-01\n    to: 2025",
        "catalogue.out_of_order",
        "id: CIV-1",
    ),
    "a law that ends before it begins": (
        "to: 2030-12-31, articles",
        "to: 2020-12-31, articles",
        "catalogue.out_of_order",
        "id: code",
    ),
    "a rule before its law": (
        "from: 2021-01-01\n",
        "from: 2020-01-01\n",
        "catalogue.before_its_law",
        "id: CIV-1",
    ),
    "a rule without a beginning": (
        "from: 2021-01-01\n",
        "from: null\n",
        "catalogue.before_its_law",
        "id: CIV-1",
    ),
    "a rule after its law": (
        "to: 2030-12-31\n    series",
        "to: null\n    series",
        "catalogue.after_its_law",
        "id: CIV-2",
    ),
    "two versions on one day": ("to: 2025-12-31", "to: 2026-01-01", "catalogue.overlap", "id: CIV-2"),
    "two lines on one day": ("to: 2015-12-31", "to: null", "catalogue.overlap", "id: FR-B"),
    "a line below the band": ("large: 6000", "large: 2000", "catalogue.outside_band", "id: FR-B"),
    "a line above the band": ("huge: 60000", "huge: 200000", "catalogue.outside_band", "id: FR-B"),
    "another last line": (
        "extra: 500000,\n     confidence",
        "extra: 200000,\n     confidence",
        "catalogue.outside_band",
        None,
    ),
    "a range upside down": ("[3000, 10000]", "[9000, 3000]", "catalogue.out_of_order", "id: FR-A"),
    "no such province": (
        "{id: FR-B, offence: fraud,",
        "{id: FR-B, offence: fraud, province: ZZ,",
        "catalogue.unknown_place",
        "id: FR-B",
    ),
    "a line twice": ("id: FR-B", "id: FR-A", "catalogue.twice", None),
    "no disclaimer": ("disclaimer: {zh: 供人工复核, en: For review}\n", "", "catalogue.missing", None),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_catalogue_is_refused_by_file_and_line(tmp_path, name):
    old, new, code, at = WRONG[name]
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    with pytest.raises(CatalogueError) as refused:
        load(tmp_path, text)
    assert refused.value.code == code
    assert refused.value.values["file"] in {"all.yaml", "*.yaml"}
    if at is not None:
        assert refused.value.values["line"] == line_with(text, at)
        assert str(refused.value.values["line"]) in refused.value.text.zh


def test_a_class_beside_the_whole_province_is_an_overlap(tmp_path):
    one = (
        "{id: FR-C, offence: fraud, province: GD, from: null, to: null, large: 6000, huge: 60000,"
        " extra: 500000, confidence: C, sources: [book]}"
    )
    both = f"  - {one}\n  - {one.replace('FR-C', 'FR-D').replace('GD,', 'GD, class: 1,')}\nrules:\n"
    with pytest.raises(CatalogueError, match="overlap"):
        load(tmp_path, GOOD.replace("rules:\n", both, 1))


def test_the_head_stands_in_one_file_only(tmp_path):
    (tmp_path / "more.yaml").write_text("as_of: 2026-01-01\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="twice"):
        load(tmp_path, GOOD)


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="no_files"):
        load_catalogue(tmp_path)


def test_a_huge_file_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="too_large"):
        load(tmp_path, "#" * 1_100_000)


def test_text_that_is_not_utf_8_is_refused(tmp_path):
    (tmp_path / "all.yaml").write_bytes("as_of: 律".encode("gb18030"))
    with pytest.raises(CatalogueError, match="not_yaml"):
        load_catalogue(tmp_path)


def test_the_catalogue_that_comes_with_bixie_is_fine(tmp_path):
    shipped = load_catalogue(catalogue_folder())
    assert shipped.rules.keys() == catalogue_of_law().rules.keys()
    copied = tmp_path / "copy"
    shutil.copytree(Path(str(catalogue_folder())), copied)
    assert load_catalogue(copied).rules.keys() == shipped.rules.keys()
