"""The reference pages hold to the program."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

import bixie
from bixie.examiners.effects import declared_effects
from bixie.examiners.order import check_order
from bixie.report.document import schema

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"


def generated():
    spec = importlib.util.spec_from_file_location("generate", REFERENCE / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


def examples(name):
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text(name), re.DOTALL)]


@pytest.mark.parametrize(("language", "name"), [("en", "command-line.md"), ("zh", "command-line.zh-CN.md")])
def test_each_page_of_the_command_line_is_what_the_program_says(language, name):
    assert text(name) == generated().page(language)


def test_the_page_of_the_report_names_every_key_of_the_schema():
    def keys(part):
        if isinstance(part, dict):
            for name, value in part.items():
                if name == "properties":
                    yield from value
                yield from keys(value)

    page = text("report.md")
    assert [key for key in set(keys(schema())) if f"`{key}`" not in page] == []


def test_the_page_of_the_report_names_every_row_of_the_table_of_effects():
    page = text("report.md")
    assert [code for code in declared_effects() if f"`{code}`" not in page] == []


@pytest.mark.parametrize("document", examples("order.md"))
def test_every_example_of_an_order_is_accepted(document):
    assert check_order(document).warnings == ()


def test_the_page_of_the_library_names_everything_public():
    page = text("library.md")
    assert [name for name in bixie.__all__ if f"`{name}`" not in page and f"`bixie.{name}" not in page] == []


def test_the_examples_of_the_library_are_valid_python():
    blocks = re.findall(r"```python\n(.*?)```", text("library.md"), re.DOTALL)
    assert blocks
    for block in blocks:
        compile(block, "library.md", "exec")
