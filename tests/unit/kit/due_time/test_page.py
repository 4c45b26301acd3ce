"""Both pages about due times show the days off of the data, and a sentence as the program says it."""

from datetime import datetime
from itertools import groupby
from pathlib import Path

import pytest

from bixie.kit.calendar import CHINA
from bixie.kit.due_time import Calendar, Length, due_after
from bixie.kit.due_time.dates import days_in_words

PAGES = {
    language: (Path(__file__).resolve().parents[4] / "docs" / "reference" / name).read_text(encoding="utf-8")
    for language, name in (("en", "duties.md"), ("zh", "duties.zh-CN.md"))
}


def rows(language):
    """Return the table of days off, in the order of the data."""
    for year, published in Calendar.china().years.items():
        comma = {"en": ", ", "zh": "，"}[language]
        yield f"| **{year}** | {published.notice}{comma}{published.published} | |"
        for name, group in groupby(published.off.items(), lambda entry: entry[1]):
            workdays = [day for day, of in published.workdays.items() if of == name]
            made_up = days_in_words(workdays, year).in_(language) if workdays else ""
            off = days_in_words([day for day, _ in group], year).in_(language)
            yield f"| {name.in_(language)} | {off} | {made_up} |".replace("|  |", "| |")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_the_table_of_the_data(language):
    table = [line for line in PAGES[language].splitlines() if line.startswith("| ") and "{" not in line]
    assert table[2:] == list(rows(language))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_what_the_program_says(language):
    due = due_after(datetime(2026, 9, 30, 10, tzinfo=CHINA), Length(3, "workdays"), Calendar.china())
    assert due.explain(CHINA).in_(language) in PAGES[language].replace("\n> ", " ")
