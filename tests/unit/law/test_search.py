"""`bixie law show` finds an entry by what people type."""

import pytest

from bixie.law import FactsError, catalogue_of_law
from bixie.law.search import find_entries, is_number_alone

LAW = catalogue_of_law()


def found(wanted):
    return [entry.id for entry in find_entries(LAW, wanted)]


@pytest.mark.parametrize(
    ("wanted", "entry"),
    [
        ("crim-266", "CRIM-266"),
        ("刑法266", "CRIM-266"),
        ("刑法第266条", "CRIM-266"),
        ("《刑法》第二百六十六条", "CRIM-266"),
        ("Criminal Law, art. 266", "CRIM-266"),
        ("266", "CRIM-266"),
        ("民法典148", "CIV-148"),
        ("中华人民共和国民法典第一百四十八条", "CIV-148"),
        ("民法典第九百八十五条", "CIV-987"),
        ("电商法62", "PLAT-62"),
        ("消费者权益保护法实施条例第49条第2款", "CON-REG-49-2"),
        ("合同诈骗", "CRIM-224"),
        ("FR-ZJ", "FR-ZJ"),
    ],
)
def test_one_entry_is_found(wanted, entry):
    assert found(wanted) == [entry]


def test_an_article_of_two_entries_gives_both():
    assert found("治安管理处罚法58") == ["PSAPL-58", "PSAPL-58-EXTORTION"]


@pytest.mark.parametrize("wanted", ["第58条", "58", "第五十八条", "art. 58"])
def test_a_number_alone_gives_every_statute_with_that_article(wanted):
    assert found(wanted) == ["PSAPL-58", "PSAPL-58-EXTORTION", "PLAT-58"]
    assert is_number_alone(wanted)


def test_a_statute_with_a_number_is_no_number_alone():
    assert not is_number_alone("刑法58")


def test_a_word_finds_every_title_with_it():
    names = found("诈骗")
    assert {"CRIM-266", "CRIM-ATT-5", "PSAPL-58", "ATFL-38-2", "FR-GD-1"} <= set(names)
    assert "CRIM-17" not in names


def test_a_word_of_the_text_is_looked_for_last():
    assert "CIV-987" in found("没有法律根据")


@pytest.mark.parametrize("wanted", ["刑法999", "", "  ", "（）", "x" * 5000, "CRIM-2\u0000"])
def test_what_is_not_there_is_refused(wanted):
    with pytest.raises(FactsError) as refused:
        found(wanted)
    assert refused.value.code == "rule.unknown"
    assert len(refused.value.text.zh) < 500


def test_the_nearest_entries_are_suggested():
    with pytest.raises(FactsError) as refused:
        found("合同诈编")
    assert "刑法第224条 合同诈骗罪（CRIM-224）" in refused.value.text.zh
    assert "[CRIM-224]" in refused.value.text.en
